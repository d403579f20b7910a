package dev.shardmark.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MatrixTest {
  @Test
  void refusesViewsThatDoNotFit() {
    float[] data = new float[10];
    assertThatThrownBy(() -> new Matrix(data, 0, -1, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rows=-1");
    assertThatThrownBy(() -> new Matrix(data, 0, 2, 3, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rowStride=2");
    assertThatThrownBy(() -> new Matrix(data, 1, 2, 5, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Matrix(data, 0, 1 << 20, 1 << 20, 1 << 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theLastRowNeedsNoPadding() {
    assertThat(new Matrix(new float[8], 0, 2, 3, 5).at(1, 2)).isZero();
  }

  @Test
  void emptyViewsNeedNoElements() {
    assertThat(new Matrix(new float[0], 0, 0, 7, 7).rows()).isZero();
    assertThat(new Matrix(new float[0], 0, 7, 0, 0).cols()).isZero();
  }

  @Test
  void emptyRowsStartWithinTheBuffer() {
    assertThat(new Matrix(new float[40], 8, 5, 0, 8).cols()).isZero(); // behind the last column
    assertThatThrownBy(() -> new Matrix(new float[40], 9, 5, 0, 8))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Matrix(new float[40], 0, 1 << 20, 0, 1 << 20))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void unknownVariantsAreRefusedWithTheKnownOnes() {
    assertThat(Variant.of("vector")).isEqualTo(Variant.VECTOR);
    assertThatThrownBy(() -> Variant.of("fast"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "variant must be one of [scalar, vector, openblas, onednn, netlib]: variant=fast");
  }

  @Test
  void roundingBoundsEndWhereTheyMeanNothing() {
    assertThat(Rounding.gamma(0)).isZero();
    assertThat(Rounding.gamma(2)).isGreaterThan(0x1p-23);
    assertThatThrownBy(() -> Rounding.gamma(1 << 24))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("roundings=16777216");
  }
}
