package dev.shardmark.kernels.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Species;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.math.Bf16;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What packed weights hold, and products by them in every format and on every path. */
final class PackedMatrixTest {
  private static final int[] DEPTHS = {1, 7, Species.LANES, 255, 256, 257, 700};
  private static final int[] COLUMNS = {1, 5, 6, 7, 191, 192, 193, 400};

  @ParameterizedTest
  @EnumSource(Op.class)
  void fp32HoldsEveryWeight(Op op) {
    for (int k : DEPTHS) {
      for (int n : COLUMNS) {
        Matrix b = stored(op, k, n, k + n);
        assertThat(worst(PackedMatrix.of(op, b).unpacked(), op, b, k, n, (w, i, j) -> 0)).isZero();
      }
    }
  }

  @Test
  void bf16HoldsTheNearest() {
    Matrix b = stored(Op.PLAIN, 300, 200, 1);
    Matrix unpacked = PackedMatrix.of(Op.PLAIN, b, WeightFormat.BF16).unpacked();
    for (int p = 0; p < 300; p++) {
      for (int j = 0; j < 200; j++) {
        assertThat(unpacked.at(p, j)).isEqualTo(Bf16.widen(Bf16.round(b.at(p, j))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightFormat.class,
      names = {"INT8", "INT8_BLOCK"})
  void int8IsWithinHalfAStepOfWhatSharesItsScale(WeightFormat format) {
    int k = 700;
    int n = 200;
    Matrix b = stored(Op.PLAIN, k, n, 2);
    for (int j = 0; j < n; j++) {
      b.data()[b.offset() + 3 * b.rowStride() + j] *= 50; // one large weight early in each column
    }
    Matrix unpacked = PackedMatrix.of(Op.PLAIN, b, format).unpacked();
    int stretch = format == WeightFormat.INT8 ? k : Blocking.evenly(k, 256, Species.LANES);
    Bound halfAStep =
        (w, p, j) -> largest(b, p / stretch * stretch, stretch, j) * (1 / 254.0 + 0x1p-22);
    assertThat(worst(unpacked, Op.PLAIN, b, k, n, halfAStep)).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void aWeightThatIsNotFiniteReachesNoFurtherThanItsScale(WeightFormat format) {
    for (float wild : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Matrix b = stored(Op.PLAIN, 300, 7, 6);
      b.data()[b.offset() + 3 * b.rowStride() + 1] = wild;
      Matrix unpacked = PackedMatrix.of(Op.PLAIN, b, format).unpacked();
      int spoilt =
          switch (format) {
            case FP32, BF16 -> 1;
            case INT8 -> 300;
            case INT8_BLOCK -> Blocking.evenly(300, 256, Species.LANES);
          };
      for (int p = 0; p < 300; p++) {
        for (int j = 0; j < 7; j++) {
          boolean shares = j == 1 && (spoilt == 1 ? p == 3 : p < spoilt);
          assertThat(Float.isFinite(unpacked.at(p, j))).as("p=%s j=%s", p, j).isEqualTo(!shares);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void productsAreThoseByWhatIsHeld(WeightFormat format) {
    PackedVectorGemm gemm = new PackedVectorGemm();
    for (int m : new int[] {0, 1, 2, 4, 5, Species.LANES, Species.LANES + 1, 33, 270}) {
      for (int k : new int[] {1, 9, 256, 300}) {
        for (int n : new int[] {1, 6, 13, 197}) {
          PackedMatrix packed =
              PackedMatrix.of(Op.TRANSPOSED, stored(Op.TRANSPOSED, k, n, 3), format);
          Matrix a = TestMatrices.padded(m, k, new SplittableRandom(4));
          Matrix c = TestMatrices.padded(m, n, new SplittableRandom(5));
          Matrix b = packed.unpacked();
          Expected expected = ReferenceGemm.multiply(1.5f, Op.PLAIN, a, Op.PLAIN, b, -0.5f, c);
          gemm.multiply(1.5f, Op.PLAIN, a, packed, -0.5f, c);
          // a scale is applied to the sum, and was applied to each value of the reference
          double scaled = format.bytes() == 1 ? (k + 4.0) / (k + 2) : 1;
          assertThat(expected.worst(c)).as("m=%s n=%s k=%s", m, n, k).isLessThanOrEqualTo(scaled);
        }
      }
    }
  }

  @Test
  void bytesFollowTheFormat() {
    assertThat(PackedMatrix.bytes(4096, 4096, WeightFormat.FP32)).isEqualTo(4L * 4096 * 4098);
    assertThat(PackedMatrix.bytes(4096, 4096, WeightFormat.BF16)).isEqualTo(2L * 4096 * 4098);
    assertThat(PackedMatrix.bytes(4096, 4096, WeightFormat.INT8)).isEqualTo(4096L * 4098);
  }

  @Test
  void refusesShapesThatDisagreeAndUnknownFormats() {
    PackedMatrix b = PackedMatrix.of(Op.PLAIN, Matrix.zeros(3, 4));
    PackedVectorGemm gemm = new PackedVectorGemm();
    assertThatThrownBy(
            () -> gemm.multiply(1, Op.PLAIN, Matrix.zeros(2, 5), b, 0, Matrix.zeros(2, 4)))
        .hasMessage("shapes disagree: op(A) is 2x5, B is 3x4, C is 2x4");
    assertThatThrownBy(() -> WeightFormat.of("fp8"))
        .hasMessage("weights must be one of [fp32, bf16, int8, int8-block]: weights=fp8");
  }

  /** The error allowed for weight w of row p and column j. */
  private interface Bound {
    double of(float w, int p, int j);
  }

  private static double worst(Matrix unpacked, Op op, Matrix b, int k, int n, Bound bound) {
    double worst = 0;
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        double error = Math.abs((double) unpacked.at(p, j) - op.at(b, p, j));
        double allowed = bound.of(op.at(b, p, j), p, j);
        worst = Math.max(worst, error == 0 ? 0 : error / allowed);
      }
    }
    return worst;
  }

  private static double largest(Matrix b, int row, int rows, int column) {
    double largest = 0;
    for (int p = row; p < Math.min(b.rows(), row + rows); p++) {
      largest = Math.max(largest, Math.abs(b.at(p, column)));
    }
    return largest;
  }

  private static Matrix stored(Op op, int k, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return op == Op.PLAIN ? TestMatrices.padded(k, n, random) : TestMatrices.padded(n, k, random);
  }
}
