package dev.shardmark.kernels.moe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong routers must be caught. */
final class RouterCheckTest {
  private static final int EXPERTS = 32;
  private static final int TOP_K = 4;
  private static final RoutingRule SOFTMAX = RoutingRule.softmaxThenTopK();
  private static final RoutingRule GROUPED = new RoutingRule(Scoring.SIGMOID, true, 8, 2, 2.5f);

  private interface Change {
    void apply(Routing right, int row);
  }

  /** Each with the rule it gets wrong. */
  private record Wrong(RoutingRule rule, Router router) {}

  private static Map<String, Wrong> wrong() {
    Map<String, Wrong> wrong = new TreeMap<>();
    wrong.put("tie to the higher index", with(SOFTMAX, RouterCheckTest::fromTheEnd));
    wrong.put("softmax after top-k where before is right", other(RoutingRule.topKThenSoftmax()));
    wrong.put(
        "softmax before top-k where after is right",
        new Wrong(RoutingRule.topKThenSoftmax(), new ScalarRouter(SOFTMAX)));
    wrong.put("bias in the weights", with(GROUPED, RouterCheckTest::biasInTheWeights));
    wrong.put(
        "bias left out of the choice", with(GROUPED, (l, b, r) -> right(GROUPED, l, null, r)));
    wrong.put("renormalisation forgotten", grouped(false, 8, 2, 2.5f));
    wrong.put("group limit ignored", grouped(true, 1, 1, 2.5f));
    wrong.put("one group too many", grouped(true, 8, 3, 2.5f));
    wrong.put("groups of another size", grouped(true, 4, 2, 2.5f));
    wrong.put("group ranked by its best alone", with(GROUPED, RouterCheckTest::groupsByTheirBest));
    wrong.put("scaling factor missing", grouped(true, 8, 2, 1));
    wrong.put("order of experts, not of scores", after((r, row) -> swap(r, row, row + 1)));
    wrong.put("weights of two choices swapped", after((r, row) -> swap(r.weight(), row, row + 1)));
    wrong.put("one expert twice", after((r, row) -> r.expert()[row + 1] = r.expert()[row]));
    wrong.put("next best for the last", after((r, row) -> r.expert()[row + 3] = another(r, row)));
    wrong.put("an expert out of range", after((r, row) -> r.expert()[row] = EXPERTS));
    wrong.put("an expert dropped", after((r, row) -> r.expert()[row] = Routing.DROPPED));
    wrong.put("off by 1e-5", after((r, row) -> r.weight()[row] *= 1.00001f));
    wrong.put("one NaN", after((r, row) -> r.weight()[row + 2] = Float.NaN));
    wrong.put("one token late", with(SOFTMAX, RouterCheckTest::oneTokenLate));
    wrong.put("writes nothing", with(SOFTMAX, (l, b, r) -> {}));
    return wrong;
  }

  static Stream<String> names() {
    return wrong().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  @Tag("kill-list")
  void rejects(String name) {
    Wrong wrong = wrong().get(name);
    RoutingRule rule = wrong.rule();
    Matrix logits = RouterHarness.logits(40, EXPERTS, 1);
    for (int e = 0; e < EXPERTS; e += 3) { // a token with ties
      logits.data()[logits.offset() + e] = 7;
    }
    float[] bias = rule.scoring() == Scoring.SIGMOID ? RouterHarness.bias(EXPERTS, 2) : null;
    assertThat(RouterHarness.fault(new ScalarRouter(rule), rule, logits, bias, TOP_K)).isNull();
    assertThat(RouterHarness.fault(wrong.router(), rule, logits, bias, TOP_K))
        .contains("error over bound");
  }

  @Test
  void scoresThatFloatsCannotTellApartMayComeInEitherOrder() {
    Matrix logits = RouterHarness.row(1, 20, 21, 0); // both sigmoids round to 1 or next to it
    RoutingRule rule = RoutingRule.sigmoid();
    assertThat(worst(rule, logits, 0, 1)).isLessThanOrEqualTo(1);
    assertThat(worst(rule, logits, 1, 0)).isLessThanOrEqualTo(1);
    assertThat(worst(rule, logits, 0, 2)).isInfinite();
    assertThat(worst(SOFTMAX, logits, 0, 1)).isInfinite();
  }

  @Test
  void equalGroupsMustTakeTheLower() {
    Matrix logits = RouterHarness.row(1, 1, 2, 1, 2);
    RoutingRule rule = new RoutingRule(Scoring.SIGMOID, false, 2, 1, 1);
    assertThat(worst(rule, logits, 1, 0)).isLessThanOrEqualTo(1);
    assertThat(worst(rule, logits, 3, 2)).isInfinite();
  }

  /** A choice of two experts, with their right weights. */
  private static double worst(RoutingRule rule, Matrix logits, int first, int second) {
    int[] chosen = {first, second};
    double[] value = ReferenceRouter.weights(rule, logits, 0, chosen).value();
    float[] weight = {(float) value[0], (float) value[1]};
    return RouterCheck.worst(rule, logits, null, new Routing(1, 2, chosen, weight));
  }

  private static Wrong with(RoutingRule rule, Router router) {
    return new Wrong(rule, router);
  }

  private static Wrong other(RoutingRule instead) {
    return new Wrong(SOFTMAX, new ScalarRouter(instead));
  }

  private static Wrong grouped(boolean renormalised, int groups, int kept, float scaling) {
    RoutingRule instead = new RoutingRule(Scoring.SIGMOID, renormalised, groups, kept, scaling);
    return new Wrong(GROUPED, new ScalarRouter(instead));
  }

  private static Wrong after(Change change) {
    return with(
        SOFTMAX,
        (logits, bias, routing) -> {
          right(SOFTMAX, logits, bias, routing);
          change.apply(routing, 5 * TOP_K);
        });
  }

  private static void right(RoutingRule rule, Matrix logits, float[] bias, Routing routing) {
    new ScalarRouter(rule).route(logits, bias, routing);
  }

  /** Reverses the experts, routes, and reverses the answer. */
  private static void fromTheEnd(Matrix logits, float[] bias, Routing routing) {
    Matrix reversed = Matrix.zeros(logits.rows(), EXPERTS);
    for (int t = 0; t < logits.rows(); t++) {
      for (int e = 0; e < EXPERTS; e++) {
        reversed.data()[reversed.offset() + t * EXPERTS + e] = logits.at(t, EXPERTS - 1 - e);
      }
    }
    right(SOFTMAX, reversed, bias, routing);
    for (int at = 0; at < routing.choices(); at++) {
      routing.expert()[at] = EXPERTS - 1 - routing.expert()[at];
    }
  }

  private static void biasInTheWeights(Matrix logits, float[] bias, Routing routing) {
    right(GROUPED, logits, bias, routing);
    for (int t = 0; t < routing.tokens(); t++) {
      float[] score = new float[TOP_K];
      float sum = 0;
      for (int i = 0; i < TOP_K; i++) {
        int e = routing.expert()[t * TOP_K + i];
        score[i] = (float) SIGMOID.applyAsDouble(logits.at(t, e)) + bias[e];
        sum += score[i];
      }
      for (int i = 0; i < TOP_K; i++) {
        routing.weight()[t * TOP_K + i] = score[i] / sum * 2.5f;
      }
    }
  }

  private static final DoubleUnaryOperator SIGMOID = z -> 1 / (1 + Math.exp(-z));

  /** Keeps two groups whose best expert is best, by lifting their experts far above the others. */
  private static void groupsByTheirBest(Matrix logits, float[] bias, Routing routing) {
    int size = EXPERTS / GROUPED.groups();
    for (int t = 0; t < routing.tokens(); t++) {
      double[] best = new double[GROUPED.groups()];
      for (int e = 0; e < EXPERTS; e++) {
        double score = SIGMOID.applyAsDouble(logits.at(t, e)) + bias[e];
        best[e / size] = e % size == 0 ? score : Math.max(best[e / size], score);
      }
      double[] sorted = best.clone();
      Arrays.sort(sorted);
      float[] lifted = bias.clone();
      for (int e = 0; e < EXPERTS; e++) {
        lifted[e] += best[e / size] >= sorted[GROUPED.groups() - 2] ? 8 : 0;
      }
      Matrix row =
          new Matrix(logits.data(), logits.offset() + t * logits.rowStride(), 1, EXPERTS, EXPERTS);
      Routing one = Routing.zeros(1, TOP_K);
      right(GROUPED, row, lifted, one);
      System.arraycopy(one.expert(), 0, routing.expert(), t * TOP_K, TOP_K);
      System.arraycopy(one.weight(), 0, routing.weight(), t * TOP_K, TOP_K);
    }
  }

  private static void oneTokenLate(Matrix logits, float[] bias, Routing routing) {
    right(SOFTMAX, logits, bias, routing);
    int[] expert = routing.expert();
    System.arraycopy(expert, 0, expert, TOP_K, routing.choices() - TOP_K);
  }

  private static int another(Routing routing, int row) {
    int e = 0;
    while (e == routing.expert()[row]
        || e == routing.expert()[row + 1]
        || e == routing.expert()[row + 2]
        || e == routing.expert()[row + 3]) {
      e++;
    }
    return e;
  }

  private static void swap(Routing routing, int a, int b) {
    swap(routing.weight(), a, b);
    int expert = routing.expert()[a];
    routing.expert()[a] = routing.expert()[b];
    routing.expert()[b] = expert;
  }

  private static void swap(float[] weight, int a, int b) {
    float was = weight[a];
    weight[a] = weight[b];
    weight[b] = was;
  }
}
