package dev.shardmark.kernels.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.ReferenceGemm;
import dev.shardmark.kernels.softmax.SoftmaxCheck;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The peers that are no contract's variant, because their operands lie elsewhere. */
final class OneDnnTest {
  @BeforeEach
  void onlyWhereTheLibraryIs() {
    try {
      assertThat(OneDnnGemm.description()).isNotEmpty();
    } catch (PeerUnavailableException e) {
      assumeThat(e).as(e.getMessage()).isNull();
    }
  }

  @Test
  void saysVersionAndInstructionSet() {
    assertThat(OneDnnGemm.description()).matches("oneDNN \\d+\\.\\d+\\.\\d+, kernels for \\w+, .+");
  }

  @ParameterizedTest
  @EnumSource
  void aPackedProductAgreesWithTheReference(Op op) {
    SplittableRandom random = new SplittableRandom(9);
    int[][] shapes = {
      {1, 1, 1}, {1, 64, 64}, {3, 17, 5}, {16, 33, 129}, {7, 257, 63}, {64, 96, 128}, {33, 1, 65}
    };
    for (int[] s : shapes) {
      int m = s[0];
      int n = s[1];
      int k = s[2];
      Matrix a = TestMatrices.mixed(m, k, random);
      OneDnnPackedGemm gemm = new OneDnnPackedGemm(m, n, k);
      for (int weights = 0; weights < 2; weights++) { // which take turns
        Matrix b =
            op == Op.PLAIN ? TestMatrices.mixed(k, n, random) : TestMatrices.mixed(n, k, random);
        Matrix before = TestMatrices.nan(m, n);
        Matrix c = TestMatrices.copy(before);
        gemm.multiply(a, gemm.pack(op, b), c);
        Expected expected = ReferenceGemm.multiply(1, Op.PLAIN, a, op, b, 0, before);
        assertThat(expected.worst(c)).as("%dx%dx%d", m, n, k).isLessThanOrEqualTo(1);
        assertThat(TestMatrices.samePadding(before, c)).isTrue();
      }
    }
  }

  @Test
  void aPackedProductRefusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new OneDnnPackedGemm(0, 1, 1))
        .hasMessage("a packed product of oneDNN needs m, n, k >= 1: m=0 n=1 k=1");
    OneDnnPackedGemm gemm = new OneDnnPackedGemm(2, 3, 4);
    OneDnnPackedGemm other = new OneDnnPackedGemm(2, 3, 4);
    Matrix a = Matrix.zeros(2, 4);
    Matrix c = Matrix.zeros(2, 3);
    OneDnnPackedGemm.Weights weights = gemm.pack(Op.PLAIN, Matrix.zeros(4, 3));
    assertThatThrownBy(() -> gemm.pack(Op.TRANSPOSED, Matrix.zeros(4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("op(B) must be 4x3: op(B)=3x4");
    assertThatThrownBy(() -> gemm.multiply(c, weights, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A must be 2x4: A=2x3");
    assertThatThrownBy(() -> gemm.multiply(a, weights, a))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("C must be 2x3: C=2x4");
    assertThatThrownBy(() -> other.multiply(a, weights, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights must be packed by the instance that multiplies");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 1003", "5, 17", "64, 512", "3, 4099"})
  void softmaxAgreesWithTheReference(int rows, int cols) {
    SplittableRandom random = new SplittableRandom(11);
    for (float scale : new float[] {1, 8, -0.1f}) {
      Matrix x = TestMatrices.padded(rows, cols, random);
      Matrix before = TestMatrices.nan(rows, cols);
      Matrix y = TestMatrices.copy(before);
      OneDnnSoftmax softmax = new OneDnnSoftmax(rows, cols);
      softmax.load(scale, x);
      softmax.run();
      softmax.store(y);
      assertThat(SoftmaxCheck.worst(scale, x, null, y, null)).isLessThanOrEqualTo(1);
      assertThat(TestMatrices.samePadding(before, y)).isTrue();
    }
  }

  @Test
  void softmaxRefusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new OneDnnSoftmax(3, 0))
        .hasMessage("a softmax of oneDNN needs rows, cols >= 1: rows=3 cols=0");
    OneDnnSoftmax softmax = new OneDnnSoftmax(2, 3);
    assertThatThrownBy(() -> softmax.load(1, Matrix.zeros(3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an operand must be 2x3: operand=3x2");
    assertThatThrownBy(() -> softmax.store(Matrix.zeros(3, 2)))
        .hasMessage("an operand must be 2x3: operand=3x2");
  }
}
