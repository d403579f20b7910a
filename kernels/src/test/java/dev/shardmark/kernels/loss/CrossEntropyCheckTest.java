package dev.shardmark.kernels.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong kernels must be caught. */
final class CrossEntropyCheckTest {
  private static final int[] TARGETS = {3, -1, 32, 0, 17};

  /** A cross-entropy step by step, each of which a wrong one does otherwise. */
  private static class Textbook implements CrossEntropy {
    float largest(Matrix x, int i) {
      float largest = -Float.MAX_VALUE;
      for (int j = 0; j < x.cols(); j++) {
        largest = Math.max(largest, x.at(i, j));
      }
      return largest;
    }

    float sum(Matrix x, int i, float largest) {
      float sum = 0;
      for (int j = 0; j < x.cols(); j++) {
        sum += (float) Math.exp(x.at(i, j) - largest);
      }
      return sum;
    }

    float target(Matrix x, int i, int column) {
      return column >= 0 && column < x.cols() ? x.at(i, column) : 0;
    }

    float ignored() {
      return 0;
    }

    float mean(float[] loss, int[] targets) {
      return CrossEntropy.mean(loss, targets);
    }

    @Override
    public final float losses(Matrix x, int[] targets, float[] loss) {
      Partials partials = Partials.ofRows(x.rows());
      partials(x, 0, x.cols(), targets, partials);
      partials.losses(targets, loss);
      for (int i = 0; i < loss.length; i++) {
        loss[i] = targets[i] == IGNORED ? ignored() : loss[i];
      }
      return mean(loss, targets);
    }

    @Override
    public final void partials(Matrix x, int first, int vocabulary, int[] targets, Partials out) {
      for (int i = 0; i < x.rows(); i++) {
        out.largest()[i] = largest(x, i);
        out.sum()[i] = sum(x, i, out.largest()[i]);
        out.target()[i] = target(x, i, targets[i] == IGNORED ? -1 : targets[i] - first);
      }
    }
  }

  private static Map<String, CrossEntropy> wrong() {
    Map<String, CrossEntropy> wrong = new TreeMap<>();
    wrong.put(
        "does not subtract the maximum, and overflows",
        new Textbook() {
          @Override
          float largest(Matrix x, int i) {
            return 0;
          }
        });
    wrong.put(
        "counts ignored rows in the mean",
        new Textbook() {
          @Override
          float mean(float[] loss, int[] targets) {
            return CrossEntropy.mean(loss, targets) * 4 / 5;
          }
        });
    wrong.put(
        "adds instead of averaging",
        new Textbook() {
          @Override
          float mean(float[] loss, int[] targets) {
            return CrossEntropy.mean(loss, targets) * 4;
          }
        });
    wrong.put(
        "gives an ignored row a loss",
        new Textbook() {
          @Override
          float ignored() {
            return 1;
          }
        });
    wrong.put(
        "takes the next target",
        new Textbook() {
          @Override
          float target(Matrix x, int i, int column) {
            return super.target(x, i, column + 1);
          }
        });
    wrong.put(
        "takes a rank's first logit for a foreign target",
        new Textbook() {
          @Override
          float target(Matrix x, int i, int column) {
            return x.cols() == 0 ? 0 : x.at(i, Math.clamp(column, 0, x.cols() - 1));
          }
        });
    wrong.put(
        "forgets the last logit",
        new Textbook() {
          @Override
          float sum(Matrix x, int i, float largest) {
            return super.sum(x, i, largest)
                - (float) Math.exp(x.at(i, x.cols() - 1) - largest) * 0.999f;
          }
        });
    wrong.put(
        "is off by 1e-5",
        new Textbook() {
          @Override
          float sum(Matrix x, int i, float largest) {
            return super.sum(x, i, largest) * 1.00001f;
          }
        });
    wrong.put(
        "leaves the logarithm out",
        new Textbook() {
          @Override
          float sum(Matrix x, int i, float largest) {
            return 1;
          }
        });
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    assertThat(CrossEntropyHarness.fault(new Textbook(), logits(), TARGETS)).isNull();
    assertThat(CrossEntropyHarness.fault(wrong().get(name), logits(), TARGETS))
        .contains("error over bound");
  }

  /** The third row's logits overflow a power that is not taken relative to the largest. */
  private static Matrix logits() {
    Matrix x = TestMatrices.padded(5, 33, new SplittableRandom(1));
    float[] data = x.data();
    for (int j = 0; j < 33; j++) {
      data[x.offset() + 2 * x.rowStride() + j] += 100;
    }
    return x;
  }
}
