package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * {@link Router} in plain Java, a token at a time: each score is inserted among the best so far, in
 * the order of experts, behind its equals.
 */
public final class ScalarRouter implements Router {
  private final RoutingRule rule;

  /** Of one token: what weights are made of, logits or sigmoids. */
  private float[] value = {};

  private float[] score = {};
  private final float[] groupScore;
  private final int[] groupChosen;

  public ScalarRouter(RoutingRule rule) {
    this.rule = rule;
    this.groupScore = new float[rule.groups()];
    this.groupChosen = new int[rule.groupsKept()];
  }

  @Override
  public void route(Matrix logits, float[] bias, Routing routing) {
    Router.check(rule, logits, bias, routing);
    int experts = logits.cols();
    int topK = routing.topK();
    if (value.length < experts) {
      value = new float[experts];
      score = new float[experts];
    }
    for (int token = 0; token < routing.tokens(); token++) {
      score(logits.data(), logits.offset() + token * logits.rowStride(), bias, experts);
      int row = token * topK;
      if (rule.groups() == 1) {
        best(score, 0, experts, 0, routing.expert(), row, topK);
      } else {
        bestOfGroups(experts / rule.groups(), routing.expert(), row, topK);
      }
      weigh(experts, routing.expert(), routing.weight(), row, topK);
    }
  }

  private void score(float[] logits, int at, float[] bias, int experts) {
    boolean softmax = rule.scoring() == Scoring.SOFTMAX;
    for (int e = 0; e < experts; e++) {
      float z = logits[at + e];
      float v = softmax ? z : 1 / (1 + (float) Math.exp(-z));
      boolean number = z == z;
      value[e] = number ? v : softmax ? Float.NEGATIVE_INFINITY : 0;
      score[e] = number ? v + (bias == null ? 0 : bias[e]) : Float.NEGATIVE_INFINITY;
    }
  }

  /**
   * Inserts {@code count} scores from {@code first} on among the {@code held} best of chosen.
   *
   * @return how many chosen now holds
   */
  private static int best(
      float[] score, int first, int count, int held, int[] chosen, int row, int topK) {
    for (int e = first; e < first + count; e++) {
      if (held == topK && !(score[e] > score[chosen[row + topK - 1]])) {
        continue;
      }
      int i = held < topK ? held++ : topK - 1;
      for (; i > 0 && score[e] > score[chosen[row + i - 1]]; i--) {
        chosen[row + i] = chosen[row + i - 1];
      }
      chosen[row + i] = e;
    }
    return held;
  }

  private void bestOfGroups(int size, int[] chosen, int row, int topK) {
    for (int g = 0; g < rule.groups(); g++) {
      groupScore[g] = twoBest(score, g * size, size);
    }
    best(groupScore, 0, rule.groups(), 0, groupChosen, 0, rule.groupsKept());
    Arrays.sort(groupChosen); // so that experts are inserted in order
    int held = 0;
    for (int group : groupChosen) {
      held = best(score, group * size, size, held, chosen, row, topK);
    }
  }

  private static float twoBest(float[] score, int first, int size) {
    float best = score[first];
    float second = Float.NEGATIVE_INFINITY;
    for (int e = first + 1; e < first + size; e++) {
      second = Math.max(second, Math.min(best, score[e]));
      best = Math.max(best, score[e]);
    }
    return size == 1 ? best : best + second;
  }

  private void weigh(int experts, int[] chosen, float[] weight, int row, int topK) {
    boolean softmax = rule.scoring() == Scoring.SOFTMAX;
    // not below the lowest float, so that no difference of two -infinities is taken
    float max = Math.max(-Float.MAX_VALUE, value[chosen[row]]);
    float sum = 0;
    for (int i = row; i < row + topK; i++) {
      float v = value[chosen[i]];
      weight[i] = softmax ? (float) Math.exp(v - max) : v;
      sum += weight[i];
    }
    if (!rule.renormalised()) {
      sum = softmax ? sumOfPowers(value, experts, max) : 1;
    }
    for (int i = row; i < row + topK; i++) {
      weight[i] = sum == 0 ? 0 : weight[i] / sum * rule.scaling();
    }
  }

  private static float sumOfPowers(float[] value, int experts, float max) {
    float sum = 0;
    for (int e = 0; e < experts; e++) {
      sum += (float) Math.exp(value[e] - max);
    }
    return sum;
  }
}
