package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link Softmax} against the reference. */
final class SoftmaxTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float MAX = Float.MAX_VALUE;

  static Stream<Softmax> all() {
    return Stream.of(
        new ScalarSoftmax(),
        new ThreePassVectorSoftmax(),
        new OnlineVectorSoftmax(),
        new LibraryExpSoftmax());
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReferenceAroundLanes(Softmax softmax) {
    SplittableRandom random = new SplittableRandom(42);
    int[] sizes = {0, 1, 3, LANES - 1, LANES, LANES + 1, 2 * LANES + 3, 4 * LANES, 7 * LANES + 1};
    for (int cols : sizes) {
      for (int rows : new int[] {0, 1, 4}) {
        Matrix x = TestMatrices.padded(rows, cols, random);
        int[] valid = new int[rows];
        for (int i = 0; i < rows; i++) {
          valid[i] = random.nextInt(cols + 1);
        }
        for (float scale : new float[] {1, 0.125f, -30, 0}) {
          assertThat(SoftmaxHarness.fault(softmax, scale, x, null)).isNull();
          assertThat(SoftmaxHarness.fault(softmax, scale, x, valid)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnLogitsOfAllMagnitudes(Softmax softmax) {
    SplittableRandom random = new SplittableRandom(7);
    for (float scale : new float[] {1, 0.1f, 1e-3f}) {
      Matrix x = TestMatrices.mixed(5, 1003, random);
      assertThat(SoftmaxHarness.fault(softmax, scale, x, null)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWhereTheMaximumChangesAtEveryStepOrNever(Softmax softmax) {
    int cols = 500 * LANES + 3;
    assertThat(fault(softmax, cols, j -> j * 0.01)).isNull();
    assertThat(fault(softmax, cols, j -> -j * 0.01)).isNull();
    assertThat(fault(softmax, cols, j -> j)).isNull();
    assertThat(fault(softmax, cols, j -> 3)).isNull();
    assertThat(fault(softmax, cols, j -> j == cols - 1 ? 200 : 0)).isNull();
    assertThat(fault(softmax, cols, j -> j % 2 == 0 ? -87.3 : 0)).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnTheLargestAndSmallestFloats(Softmax softmax) {
    int cols = 2 * LANES + 3;
    float small = Float.MIN_VALUE;
    float[] values = {0, MAX, -MAX, 1e30f, -1e30f, 89, -104, small, -INFINITY};
    for (float most : values) {
      for (float special : values) {
        for (int at : new int[] {0, LANES, cols - 1}) {
          assertThat(fault(softmax, cols, j -> j == at ? special : most)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWhereTheRoundingOfALogitExceedsEveryExponent(Softmax softmax) {
    for (float scale : new float[] {1e10f, 0.3f}) {
      float[] logits = {3e9f, 1e9f, 2.999e9f, -3e9f, 3e9f};
      Matrix x = Matrix.zeros(3, 3 * LANES + 2);
      for (int i = 0; i < x.data().length; i++) {
        x.data()[i] = logits[i % logits.length] * (i % 7 + 1) / 7;
      }
      assertThat(SoftmaxHarness.fault(softmax, scale, x, null)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsUndefinedIsNaN(Softmax softmax) {
    int cols = 3 * LANES + 2;
    for (float most : new float[] {0, -INFINITY, INFINITY, MAX, Float.NaN}) {
      for (float special : new float[] {Float.NaN, INFINITY}) {
        for (int at : new int[] {0, LANES + 1, cols - 1}) {
          assertThat(fault(softmax, cols, j -> j == at ? special : most)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aColumnThatTakesNoPartMayHoldAnything(Softmax softmax) {
    Matrix x = TestMatrices.nan(3, 2 * LANES + 3);
    for (int j = 0; j < LANES + 1; j++) {
      x.data()[x.offset() + j] = j;
    }
    assertThat(SoftmaxHarness.fault(softmax, 1, x, new int[] {LANES + 1, 0, 0})).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void rowsWithoutAColumnAreZeroAndTheirLogSumExpIsMinusInfinity(Softmax softmax) {
    Matrix x = TestMatrices.nan(1, 9);
    Matrix y = TestMatrices.nan(1, 9);
    float[] logSumExp = {5};
    softmax.softmax(1, x, new int[] {0}, y, logSumExp);
    assertThat(y.at(0, 8)).isZero();
    assertThat(logSumExp[0]).isEqualTo(-INFINITY);
    softmax.logSoftmax(1, x, new int[] {0}, y, null);
    assertThat(y.at(0, 8)).isEqualTo(-INFINITY);
  }

  @ParameterizedTest
  @MethodSource("all")
  void addsUpToOneAndIgnoresAShift(Softmax softmax) {
    int cols = 333;
    Matrix x = Matrix.zeros(2, cols);
    for (int j = 0; j < cols; j++) {
      x.data()[x.offset() + j] = j % 17; // whole numbers, so that the shift has no rounding
      x.data()[x.offset() + cols + j] = j % 17 + 4096;
    }
    Matrix y = Matrix.zeros(2, cols);
    softmax.softmax(1, x, null, y, null);
    // The JDK's own exponential has other last bits when it is compiled, between two rows even.
    float apart = softmax instanceof LibraryExpSoftmax ? 1e-6f : 0;
    double sum = 0;
    for (int j = 0; j < cols; j++) {
      sum += y.at(0, j);
      assertThat(y.at(1, j)).isCloseTo(y.at(0, j), within(apart));
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(Softmax softmax) {
    Matrix x = Matrix.zeros(2, 3);
    Matrix y = Matrix.zeros(3, 2);
    assertThatThrownBy(() -> softmax.softmax(1, x, null, y, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X is 2x3, Y is 3x2");
    assertThatThrownBy(() -> softmax.logSoftmax(1, x, new int[1], x, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("valid has 1");
    assertThatThrownBy(() -> softmax.softmax(1, x, null, x, new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logSumExp has 3");
    for (int count : new int[] {-1, 4}) {
      assertThatThrownBy(() -> softmax.softmax(1, x, new int[] {0, count}, x, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("valid must be 0 to 3: row=1 valid=" + count);
    }
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.softmax(Variant.SCALAR)).isInstanceOf(ScalarSoftmax.class);
    assertThat(Kernels.softmax(Variant.VECTOR)).isInstanceOf(ThreePassVectorSoftmax.class);
    assertThat(Softmax.work(2, 3).flop()).isEqualTo(30);
    assertThat(Softmax.work(2, 3).bytes()).isEqualTo(48);
  }

  private static String fault(Softmax softmax, int cols, IntToDoubleFunction logit) {
    Matrix x = TestMatrices.nan(1, cols);
    for (int j = 0; j < cols; j++) {
      x.data()[x.offset() + j] = (float) logit.applyAsDouble(j);
    }
    return SoftmaxHarness.fault(softmax, 1, x, null);
  }
}
