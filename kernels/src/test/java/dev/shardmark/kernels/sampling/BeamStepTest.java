package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link BeamStep} against a full sort, and wrong ones that are caught. */
final class BeamStepTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static Stream<BeamStep> all() {
    return Stream.of(new ScalarBeamStep(), new VectorBeamStep());
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReferenceAroundLanes(BeamStep step) {
    SplittableRandom random = new SplittableRandom(42);
    for (int n : new int[] {0, 1, LANES - 1, LANES, 4 * LANES + 1, 9 * LANES + 3}) {
      for (int beams : new int[] {0, 1, 4}) {
        for (int wanted : new int[] {0, 1, 4, 7, 40}) {
          assertThat(fault(step, TestMatrices.padded(beams, n, random), wanted)).isNull();
          assertThat(fault(step, coarse(beams, n, random), wanted)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void passesOverWhatIsNoProbability(BeamStep step) {
    Matrix logProbs = coarse(3, 2 * LANES + 3, new SplittableRandom(2));
    float[] data = logProbs.data();
    Arrays.fill(data, logProbs.offset(), logProbs.offset() + LANES + 1, Float.NaN);
    data[logProbs.offset() + logProbs.rowStride()] = -INFINITY;
    data[logProbs.offset() + 2 * logProbs.rowStride()] = INFINITY;
    for (int wanted : new int[] {3, 6 * LANES + 9}) {
      assertThat(fault(step, logProbs, wanted)).isNull();
      assertThat(fault(step, TestMatrices.nan(3, LANES), wanted)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void prefersTheLowerBeamThenTheLowerToken(BeamStep step) {
    int[] beam = new int[5];
    int[] token = new int[5];
    step.best(Matrix.zeros(2, 3), new float[] {0, -0f}, beam, token, new float[5]);
    assertThat(beam).containsExactly(0, 0, 0, 1, 1);
    assertThat(token).containsExactly(0, 1, 2, 0, 1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(BeamStep step) {
    Matrix logProbs = Matrix.zeros(2, 3);
    assertThatThrownBy(
            () -> step.best(logProbs, new float[3], new int[4], new int[4], new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "shapes disagree: log-probabilities are 2x3, scores has 3, beam has 4, token has 4,"
                + " score has 5");
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.beamStep(Variant.SCALAR)).isInstanceOf(ScalarBeamStep.class);
    assertThat(Kernels.beamStep(Variant.VECTOR)).isInstanceOf(VectorBeamStep.class);
    assertThatThrownBy(() -> Kernels.beamStep(Variant.OPENBLAS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(BeamStep.work(2, 10, 3).flop()).isEqualTo(20);
    assertThat(BeamStep.work(2, 10, 3).bytes()).isEqualTo(88 + 36);
  }

  private static Map<String, BeamStep> wrong() {
    Map<String, BeamStep> wrong = new TreeMap<>();
    BeamStep right = new ScalarBeamStep();
    wrong.put("writes nothing", (p, s, beam, token, score) -> {});
    wrong.put(
        "ignores the beams' scores",
        (p, s, beam, token, score) -> right.best(p, new float[s.length], beam, token, score));
    wrong.put(
        "continues the first beam only",
        (p, s, beam, token, score) -> {
          Matrix first = new Matrix(p.data(), p.offset(), 1, p.cols(), p.rowStride());
          right.best(first, Arrays.copyOf(s, 1), beam, token, score);
        });
    wrong.put(
        "takes the best of every beam",
        (p, s, beam, token, score) -> {
          for (int b = 0; b < s.length; b++) {
            int at = p.offset() + b * p.rowStride();
            int[] one = new int[1];
            float[] oneScore = new float[1];
            Matrix row = new Matrix(p.data(), at, 1, p.cols(), p.rowStride());
            right.best(row, new float[] {s[b]}, new int[1], one, oneScore);
            beam[b] = b;
            token[b] = one[0];
            score[b] = oneScore[0];
          }
        });
    wrong.put(
        "leaves them unsorted",
        (p, s, beam, token, score) -> {
          right.best(p, s, beam, token, score);
          swap(beam);
          swap(token);
          float first = score[0];
          score[0] = score[1];
          score[1] = first;
        });
    wrong.put(
        "prefers the higher token",
        (p, s, beam, token, score) -> {
          right.best(p, s, beam, token, score);
          for (int i = 0; i < beam.length; i++) {
            for (int j = 0; j < p.cols(); j++) {
              token[i] = s[beam[i]] + p.at(beam[i], j) == score[i] ? j : token[i];
            }
          }
        });
    wrong.put(
        "gives log-probabilities for scores",
        (p, s, beam, token, score) -> {
          right.best(p, s, beam, token, score);
          for (int i = 0; i < beam.length; i++) {
            score[i] -= s[beam[i]];
          }
        });
    wrong.put(
        "swaps beam and token", (p, s, beam, token, score) -> right.best(p, s, token, beam, score));
    return wrong;
  }

  private static void swap(int[] ids) {
    int first = ids[0];
    ids[0] = ids[1];
    ids[1] = first;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    assertThat(fault(wrong().get(name), coarse(4, 33, new SplittableRandom(1)), 4)).isNotNull();
  }

  /** Log-probabilities in steps of 1/8, so that many sums are equal. */
  private static Matrix coarse(int beams, int n, SplittableRandom random) {
    Matrix logProbs = TestMatrices.padded(beams, n, random);
    for (int at = 0; at < logProbs.data().length; at++) {
      float value = logProbs.data()[at];
      logProbs.data()[at] = Float.isNaN(value) ? value : Math.round(value * 8) / 8f;
    }
    return logProbs;
  }

  private static String fault(BeamStep step, Matrix logProbs, int wanted) {
    float[] scores = new float[logProbs.rows()];
    for (int b = 0; b < scores.length; b++) {
      scores[b] = b == 0 ? -0.5f : -b / 8f;
    }
    int[] beam = new int[wanted];
    int[] token = new int[wanted];
    float[] score = new float[wanted];
    Arrays.fill(score, Float.NaN);
    step.best(logProbs, scores, beam, token, score);
    return BeamStepCheck.worst(logProbs, scores, beam, token, score) == 0
        ? null
        : "wrong continuations: beams=" + scores.length + " V=" + logProbs.cols();
  }
}
