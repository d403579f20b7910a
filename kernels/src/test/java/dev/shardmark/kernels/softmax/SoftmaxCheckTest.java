package dev.shardmark.kernels.softmax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The check is itself checked: each of these wrong kernels must be caught. */
final class SoftmaxCheckTest {
  private static final Softmax RIGHT = new ScalarSoftmax();

  private static final int[] VALID = {33, 20, 33, 0, 1};

  private interface Wrong {
    void run(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp, boolean log);
  }

  private interface Change {
    float apply(Matrix right, int i, int j, float value);
  }

  private static Map<String, Wrong> wrong() {
    Map<String, Wrong> wrong = new TreeMap<>();
    wrong.put("ignores the scale", (s, x, v, y, l, log) -> right(1, x, v, y, l, log));
    wrong.put("ignores the mask", (s, x, v, y, l, log) -> right(s, x, null, y, l, log));
    wrong.put("scales by 1 + 1e-4", (s, x, v, y, l, log) -> right(s * 1.0001f, x, v, y, l, log));
    wrong.put("writes nothing", (s, x, v, y, l, log) -> {});
    wrong.put("no log-sum-exp", (s, x, v, y, l, log) -> right(s, x, v, y, null, log));
    wrong.put("log for softmax", (s, x, v, y, l, log) -> right(s, x, v, y, l, !log));
    wrong.put("one column too few", (s, x, v, y, l, log) -> right(s, x, plus(v, -1), y, l, log));
    wrong.put("one column too many", (s, x, v, y, l, log) -> right(s, x, plus(v, 1), y, l, log));
    wrong.put(
        "log-sum-exp without the maximum",
        (s, x, v, y, l, log) -> {
          right(s, x, v, y, l, log);
          l[0] -= 2;
        });
    wrong.put("swaps two rows", after((y, i, j, v) -> i < 2 ? y.at(1 - i, j) : v));
    wrong.put("swaps two columns", after((y, i, j, v) -> j < 2 ? y.at(i, 1 - j) : v));
    wrong.put("one NaN", after((y, i, j, v) -> i == 2 && j == 32 ? Float.NaN : v));
    wrong.put("NaN where no column takes part", after((y, i, j, v) -> i == 3 ? Float.NaN : v));
    wrong.put("one infinity", after((y, i, j, v) -> i == 2 && j == 0 ? 1 / 0f : v));
    wrong.put("last column unwritten", after((y, i, j, v) -> j == 32 ? 0.5f : v));
    wrong.put("off by 1e-5", after((y, i, j, v) -> v * 1.00001f));
    wrong.put("rounds to bf16", after((y, i, j, v) -> bf16(v)));
    wrong.put("flips every sign", after((y, i, j, v) -> -v));
    return wrong;
  }

  private static int[] plus(int[] valid, int more) {
    return Arrays.stream(valid).map(n -> Math.clamp(n + more, 0, 33)).toArray();
  }

  private static void right(
      float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp, boolean log) {
    if (log) {
      RIGHT.logSoftmax(scale, x, valid, y, logSumExp);
    } else {
      RIGHT.softmax(scale, x, valid, y, logSumExp);
    }
  }

  private static Wrong after(Change change) {
    return (s, x, valid, y, l, log) -> {
      right(s, x, valid, y, l, log);
      Matrix right = TestMatrices.copy(y);
      for (int i = 0; i < y.rows(); i++) {
        for (int j = 0; j < y.cols(); j++) {
          y.data()[y.offset() + i * y.rowStride() + j] = change.apply(right, i, j, right.at(i, j));
        }
      }
    };
  }

  private static float bf16(float x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    assertThat(SoftmaxHarness.fault(softmax(wrong().get(name), false), 3, logits(), VALID))
        .contains("error over bound", "log=false");
    assertThat(SoftmaxHarness.fault(softmax(wrong().get(name), true), 3, logits(), VALID))
        .contains("error over bound", "log=true");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5 + 33, -1})
  void aWriteOutsideTheViewIsSeen(int at) {
    Wrong stray =
        (s, x, valid, y, l, log) -> {
          right(s, x, valid, y, l, log);
          y.data()[at < 0 ? y.data().length + at : at] = 0;
        };
    assertThat(SoftmaxHarness.fault(softmax(stray, false), 3, logits(), VALID))
        .contains("wrote outside Y");
  }

  private static Matrix logits() {
    return TestMatrices.padded(5, 33, new SplittableRandom(1));
  }

  /** Wrong in one of its two methods only, so that each is known to be checked. */
  private static Softmax softmax(Wrong wrong, boolean wrongLog) {
    return new Softmax() {
      @Override
      public void softmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
        run(scale, x, valid, y, logSumExp, false);
      }

      @Override
      public void logSoftmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
        run(scale, x, valid, y, logSumExp, true);
      }

      private void run(float s, Matrix x, int[] valid, Matrix y, float[] l, boolean log) {
        if (log == wrongLog) {
          wrong.run(s, x, valid, y, l, log);
        } else {
          right(s, x, valid, y, l, log);
        }
      }
    };
  }
}
