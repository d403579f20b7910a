package dev.shardmark.kernels.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.softmax.ScalarSoftmax;
import dev.shardmark.kernels.softmax.ThreePassVectorSoftmax;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Experts that choose tokens, against the reference; wrong choices are caught. */
final class ExpertChoiceTest {
  private interface Change {
    void apply(int[] token, float[] weight);
  }

  static Stream<ExpertChoice> all() {
    return Stream.of(
        new HeapExpertChoice(new ScalarSoftmax()),
        new HeapExpertChoice(new ThreePassVectorSoftmax()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReference(ExpertChoice choice) {
    for (int experts : new int[] {1, 2, 8, 33}) {
      for (int tokens : new int[] {0, 1, 2, 17, 64}) {
        Matrix logits = RouterHarness.logits(tokens, experts, tokens + experts);
        for (int capacity : new int[] {0, 1, tokens / 3, tokens - 1, tokens}) {
          if (capacity >= 0 && capacity <= tokens) {
            assertThat(worst(choice, logits, capacity)).isLessThanOrEqualTo(1);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void equalScoresTakeTheLowerTokenAndNaNComesLast(ExpertChoice choice) {
    Matrix logits = RouterHarness.row(9, 1, 2, 0);
    logits.data()[logits.offset() + 2 * logits.rowStride()] = Float.NaN;
    int[] token = new int[27];
    float[] weight = new float[27];
    choice.choose(logits, 9, token, weight);
    assertThat(token).startsWith(0, 1, 3, 4, 5, 6, 7, 8, 2);
    assertThat(weight[8]).isNaN();
    assertThat(worst(choice, logits, 9)).isLessThanOrEqualTo(1);
    assertThat(worst(choice, logits, 4)).isLessThanOrEqualTo(1);
  }

  private static Map<String, Change> wrong() {
    Map<String, Change> wrong = new TreeMap<>();
    wrong.put("one token twice", (token, weight) -> token[1] = token[0]);
    wrong.put("two tokens swapped", (token, weight) -> swap(token, 0, 1));
    wrong.put("tokens of another expert", (token, weight) -> swap(token, 0, 5));
    wrong.put("tie to the higher token", (token, weight) -> swapEqual(token));
    wrong.put("weight off by 1e-5", (token, weight) -> weight[3] *= 1.00001f);
    wrong.put("a token out of range", (token, weight) -> token[2] = 40);
    wrong.put("one NaN", (token, weight) -> weight[2] = Float.NaN);
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void rejects(String name) {
    Matrix logits = RouterHarness.logits(40, 8, 4);
    for (int e = 0; e < 8; e++) { // tokens 0 and 1 are equal, and expert 7 wants both
      logits.data()[logits.offset() + e] = e;
      logits.data()[logits.offset() + logits.rowStride() + e] = e;
    }
    Change change = wrong().get(name);
    ExpertChoice right = new HeapExpertChoice(new ScalarSoftmax());
    ExpertChoice wrong =
        (l, capacity, token, weight) -> {
          right.choose(l, capacity, token, weight);
          change.apply(token, weight);
        };
    assertThat(worst(right, logits, 40)).isLessThanOrEqualTo(1);
    assertThat(worst(wrong, logits, 40)).isGreaterThan(1);
  }

  @Test
  void capacityIsAShareOfTheTokens() {
    assertThat(ExpertChoice.capacity(2, 4096, 64)).isEqualTo(128);
    assertThat(ExpertChoice.capacity(0.5, 15, 2)).isEqualTo(3);
    assertThat(ExpertChoice.capacity(9, 4, 2)).isEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesWhatDoesNotFit(ExpertChoice choice) {
    Matrix logits = Matrix.zeros(3, 2);
    assertThatThrownBy(() -> choice.choose(logits, 4, new int[8], new float[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity must be in 0..tokens: capacity=4 tokens=3");
    assertThatThrownBy(() -> choice.choose(logits, 3, new int[5], new float[6]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token.length=5");
  }

  private static double worst(ExpertChoice choice, Matrix logits, int capacity) {
    int[] token = new int[logits.cols() * capacity];
    float[] weight = new float[token.length];
    choice.choose(logits, capacity, token, weight);
    return ExpertChoiceCheck.worst(logits, capacity, token, weight);
  }

  private static void swap(int[] a, int i, int j) {
    int was = a[i];
    a[i] = a[j];
    a[j] = was;
  }

  private static void swapEqual(int[] token) {
    for (int at = 7 * 40; at < 8 * 40; at++) {
      token[at] = token[at] == 0 ? 1 : token[at] == 1 ? 0 : token[at];
    }
  }
}
