package dev.shardmark.kernels.loss;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link CrossEntropy} against the reference, whole and by ranks. */
final class CrossEntropyTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static Stream<CrossEntropy> all() {
    return Stream.of(new ScalarCrossEntropy(), new VectorCrossEntropy());
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReferenceAroundLanes(CrossEntropy crossEntropy) {
    SplittableRandom random = new SplittableRandom(42);
    int[] sizes = {1, 3, LANES - 1, LANES, LANES + 1, 4 * LANES, 7 * LANES + 1, 1003};
    for (int cols : sizes) {
      for (int rows : new int[] {0, 1, 5}) {
        for (boolean mixed : new boolean[] {false, true}) {
          Matrix x =
              mixed
                  ? TestMatrices.mixed(rows, cols, random)
                  : TestMatrices.padded(rows, cols, random);
          int[] targets = new int[rows];
          Arrays.setAll(targets, i -> i % 4 == 3 ? -1 : random.nextInt(cols));
          assertThat(CrossEntropyHarness.fault(crossEntropy, x, targets)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnTheLargestAndSmallestFloats(CrossEntropy crossEntropy) {
    int cols = 2 * LANES + 3;
    float[] values = {0, Float.MAX_VALUE, -Float.MAX_VALUE, 1e30f, 89, -104, -INFINITY, INFINITY};
    for (float most : values) {
      for (float special : new float[] {0, 90, -INFINITY, INFINITY, Float.NaN}) {
        Matrix x = TestMatrices.nan(3, cols);
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < cols; j++) {
            boolean here = j == (i == 0 ? 1 : i == 1 ? LANES : cols - 1);
            x.data()[x.offset() + i * x.rowStride() + j] = here ? special : most;
          }
        }
        assertThat(CrossEntropyHarness.fault(crossEntropy, x, new int[] {1, 0, cols - 1})).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aShiftChangesNoLoss(CrossEntropy crossEntropy) {
    int cols = 333;
    Matrix x = Matrix.zeros(2, cols);
    for (int j = 0; j < cols; j++) {
      x.data()[x.offset() + j] = j % 17; // whole numbers, so that the shift has no rounding
      x.data()[x.offset() + cols + j] = j % 17 + 4096;
    }
    float[] loss = new float[2];
    crossEntropy.losses(x, new int[] {7, 7}, loss);
    assertThat(loss[1]).isEqualTo(loss[0]);
  }

  @ParameterizedTest
  @MethodSource("all")
  void equalLogitsCostTheLogarithmOfTheirNumber(CrossEntropy crossEntropy) {
    float[] loss = new float[2];
    float mean = crossEntropy.losses(Matrix.zeros(2, 1024), new int[] {0, 1023}, loss);
    assertThat(loss[1]).isCloseTo((float) Math.log(1024), within(1e-6f));
    assertThat(mean).isEqualTo(loss[1]);
  }

  @ParameterizedTest
  @MethodSource("all")
  void anIgnoredRowIsNotReadAndTheMeanOfNoneIsNaN(CrossEntropy crossEntropy) {
    Matrix x = TestMatrices.nan(2, 5);
    float[] loss = {5, 5};
    assertThat(crossEntropy.losses(x, new int[] {-1, -1}, loss)).isNaN();
    assertThat(loss).containsExactly(0, 0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(CrossEntropy crossEntropy) {
    Matrix x = Matrix.zeros(2, 3);
    float[] loss = {5, 5};
    assertThatThrownBy(() -> crossEntropy.losses(x, new int[1], loss))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: X is 2x3, targets has 1, results have 2");
    for (int target : new int[] {-2, 3}) {
      assertThatThrownBy(() -> crossEntropy.losses(x, new int[] {0, target}, loss))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a target must be in 0..2: row=1 target=" + target);
    }
    assertThat(loss).containsExactly(5, 5);
    Partials partials = Partials.ofRows(2);
    for (int first : new int[] {-1, 3}) {
      assertThatThrownBy(() -> crossEntropy.partials(x, first, 5, new int[2], partials))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must lie within the vocabulary: first=" + first);
    }
    assertThatThrownBy(() -> partials.rescale(new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there must be one maximum a row: rows=2 maxima=3");
    assertThatThrownBy(() -> partials.losses(new int[2], new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("targets=2 losses=1");
    assertThatThrownBy(() -> new Partials(new float[2], new float[2], new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("partials need one of each a row: largest=2 sum=2 target=1");
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.crossEntropy(Variant.SCALAR)).isInstanceOf(ScalarCrossEntropy.class);
    assertThat(Kernels.crossEntropy(Variant.VECTOR)).isInstanceOf(VectorCrossEntropy.class);
    assertThatThrownBy(() -> Kernels.crossEntropy(Variant.OPENBLAS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(CrossEntropy.work(2, 3).flop()).isEqualTo(18);
    assertThat(CrossEntropy.work(2, 3).bytes()).isEqualTo(40);
  }
}
