package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * Tells whether a routing is right.
 *
 * <p>Experts must be the reference's, in its order, wherever scores are further apart than their
 * errors, and exactly so where logits (and biases) are equal; otherwise either is right. Where it
 * is in doubt which group is kept, the experts of each such group may be chosen or not. Weights
 * must be within their bounds for the experts that were chosen.
 */
public final class RouterCheck {
  private RouterCheck() {}

  /** The largest error of a weight over its bound; infinity where a choice is wrong. */
  public static double worst(RoutingRule rule, Matrix logits, float[] bias, Routing routing) {
    Router.check(rule, logits, bias, routing);
    int topK = routing.topK();
    double worst = 0;
    for (int token = 0; token < routing.tokens(); token++) {
      int from = token * topK;
      Ranking experts = ReferenceRouter.experts(rule, logits, bias, token);
      int[] chosen = Arrays.copyOfRange(routing.expert(), from, from + topK);
      boolean[] rivals = new boolean[logits.cols()];
      if (!groupsAllow(rule, experts, chosen, rivals) || !experts.allows(chosen, 0, topK, rivals)) {
        return Double.POSITIVE_INFINITY;
      }
      Expected weights = ReferenceRouter.weights(rule, logits, token, chosen);
      worst = Math.max(worst, weights.worst(new Matrix(routing.weight(), from, 1, topK, topK)));
    }
    return worst;
  }

  /** Sets as rivals the experts of groups that are kept for sure, or chosen from. */
  private static boolean groupsAllow(
      RoutingRule rule, Ranking experts, int[] chosen, boolean[] rivals) {
    int size = rivals.length / rule.groups();
    Ranking groups = ReferenceRouter.groups(rule, experts);
    boolean[] kept = new boolean[rule.groups()];
    int count = 0;
    for (int g = 0; g < kept.length; g++) {
      int better = 0; // groups that may come before this one
      for (int other = 0; other < kept.length; other++) {
        better += other != g && !groups.beats(g, other) ? 1 : 0;
      }
      kept[g] = better < rule.groupsKept();
      count += kept[g] ? 1 : 0;
    }
    for (int e : chosen) {
      if (e < 0 || e >= rivals.length) {
        return false;
      }
      int g = e / size;
      if (!kept[g]) {
        int better = 0; // groups that must come before it
        for (int other = 0; other < kept.length; other++) {
          better += other != g && groups.beats(other, g) ? 1 : 0;
        }
        if (better >= rule.groupsKept()) {
          return false;
        }
        kept[g] = true;
        count++;
      }
    }
    for (int e = 0; e < rivals.length; e++) {
      rivals[e] = kept[e / size];
    }
    return count <= rule.groupsKept();
  }
}
