package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Chooses K of E experts for each token by its logits, and their weights, by a {@link RoutingRule}
 * that the router is made for.
 *
 * <p>SOFTMAX: the score is z, and the weight {@code scaling e^z_e / sum e^z} over all experts, or
 * over the chosen ones if renormalised. SIGMOID: with {@code s = 1 / (1 + e^-z)} the score is s +
 * b, and the weight {@code scaling s_e}, over the sum of the chosen s if renormalised; the bias
 * decides who is chosen and is in no weight. With groups, the score of a group is the sum of its
 * two largest scores (of its only one), and all experts outside the groupsKept best groups are out.
 *
 * <p><b>Shapes</b> logits are (T, E), row-major, strides in elements; the bias is null, for none,
 * or has E elements; the routing has T tokens and K experts a token, with K at most E, or at most
 * the experts of the kept groups. The groups divide E.
 *
 * <p><b>Edge cases</b> T may be 0. The chosen are in order of descending score. Of equal scores the
 * lower expert comes first, in the choice and in the order, and of equal groups the lower one; 0
 * and -0 are equal. A NaN logit has the score -infinity and the weight 0, and changes nothing else:
 * its expert is chosen only where too few others are left. A softmax with a +infinity has NaN
 * weights, and one of -infinities alone weights 0. Renormalised sigmoids that are all 0 stay 0. The
 * bias must be finite. Elements between the rows of a strided view are not read.
 *
 * <p><b>Error</b> Logits are compared exactly. A sigmoid is off by g(4), relative: 2 u of the
 * exponential, an addition and a quotient; below 2^-126 it may be 0. A score adds the rounding of s
 * + b, and a group's score another; two scores closer than the sum of their errors may come in
 * either order, unless logits and biases are equal. Weights of a softmax have the error of {@link
 * dev.shardmark.kernels.softmax.Softmax} over the same logits; renormalised sigmoids lie between
 * the quotients of the extremes of s and of the sum, whose K terms add g(K), with g(2) for quotient
 * and scaling. ReferenceRouter computes the bounds.
 *
 * <p><b>Work</b> {@link #work}: 3 flop for each exponential (subtract or add, exponential, add or
 * divide), 1 for a bias, 2 for each weight; comparisons are no flop, though they are most of the
 * time. Logits (and a bias) read once, 8 bytes a choice written.
 *
 * <p><b>Threading</b> one thread, one instance per rank: it owns scratch, which grows with E and K.
 *
 * <p><b>Source</b> N. Shazeer et al., Outrageously Large Neural Networks: The Sparsely-Gated
 * Mixture-of-Experts Layer, arXiv 1701.06538, 2017; DeepSeek-AI, DeepSeek-V3 Technical Report,
 * arXiv 2412.19437, 2024, section 2.1.2, for biased sigmoids and groups.
 */
public interface Router {
  /**
   * Writes experts and weights.
   *
   * @throws IllegalArgumentException if the shapes disagree, or rule, bias and experts do not go
   *     together
   */
  void route(Matrix logits, float[] bias, Routing routing);

  /** The work of one call; SIGMOID counted with a bias. */
  static Work work(RoutingRule rule, long tokens, long experts, long topK) {
    boolean sigmoid = rule.scoring() == Scoring.SIGMOID;
    long exponentials = !sigmoid && rule.renormalised() ? topK : experts;
    long bias = sigmoid ? experts : 0;
    return new Work(
        tokens * (3 * exponentials + bias + 2 * topK),
        4 * (tokens * experts + bias) + 8 * tokens * topK);
  }

  /** Checks that rule and operands go together. */
  static void check(RoutingRule rule, Matrix logits, float[] bias, Routing routing) {
    int experts = logits.cols();
    if (logits.rows() != routing.tokens()) {
      throw new IllegalArgumentException(
          "shapes disagree: logits are "
              + logits.rows()
              + "x"
              + experts
              + ", the routing has tokens="
              + routing.tokens());
    }
    rule.checkExperts(experts, routing.topK());
    checkBias(rule, experts, bias);
  }

  private static void checkBias(RoutingRule rule, int experts, float[] bias) {
    if (bias == null) {
      return;
    }
    if (rule.scoring() == Scoring.SOFTMAX || bias.length != experts) {
      throw new IllegalArgumentException(
          "a bias needs sigmoid scores and one element an expert: scoring="
              + rule.scoring()
              + " bias.length="
              + bias.length
              + " experts="
              + experts);
    }
    for (int e = 0; e < experts; e++) {
      if (!Float.isFinite(bias[e])) {
        throw new IllegalArgumentException(
            "a bias must be finite: expert=" + e + " bias=" + bias[e]);
      }
    }
  }
}
