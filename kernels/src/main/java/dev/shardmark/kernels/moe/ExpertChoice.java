package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import java.math.RoundingMode;

/**
 * Each expert chooses its tokens, and all choose as many, so that the load is even and a token may
 * have any number of experts, also none.
 *
 * <p>The score of token t for expert e is the softmax over experts of the logits of t; e takes the
 * {@code capacity} tokens with the largest, and their scores are the weights. The choice looks
 * across tokens: of no use for decoding one after the other.
 *
 * <p><b>Shapes</b> logits are (T, E), row-major, strides in elements; choice i of expert e is token
 * {@code token[e * capacity + i]} with {@code weight[e * capacity + i]}.
 *
 * <p><b>Edge cases</b> T may be 0, and the capacity 0 to T. Choices are in order of descending
 * score; of equal scores the lower token comes first. Where the softmax is NaN the score counts as
 * -infinity and the weight is NaN.
 *
 * <p><b>Error</b> that of {@link dev.shardmark.kernels.softmax.Softmax}; two scores closer than the
 * sum of their errors may come in either order, unless the logits of the tokens are equal.
 *
 * <p><b>Source</b> Y. Zhou et al., Mixture-of-Experts with Expert Choice Routing, arXiv 2202.09368,
 * 2022, section 3.2.
 */
public interface ExpertChoice {
  /**
   * Writes tokens and weights.
   *
   * @throws IllegalArgumentException if the capacity is not in 0..tokens or an array too short
   */
  void choose(Matrix logits, int capacity, int[] token, float[] weight);

  /**
   * Tokens each expert takes, {@code tokens * factor / experts} rounded down, at most all; the
   * factor is the mean number of experts of a token.
   */
  static int capacity(double factor, int tokens, int experts) {
    return Math.min(tokens, Capacity.share(factor, tokens, experts, RoundingMode.FLOOR));
  }

  /** Checks that the operands fit together. */
  static void check(Matrix logits, int capacity, int[] token, float[] weight) {
    if (capacity < 0 || capacity > logits.rows()) {
      throw new IllegalArgumentException(
          "capacity must be in 0..tokens: capacity=" + capacity + " tokens=" + logits.rows());
    }
    int length = Math.multiplyExact(logits.cols(), capacity);
    if (token.length < length || weight.length < length) {
      throw new IllegalArgumentException(
          "arrays must hold experts * capacity choices: experts="
              + logits.cols()
              + " capacity="
              + capacity
              + " token.length="
              + token.length
              + " weight.length="
              + weight.length);
    }
  }
}
