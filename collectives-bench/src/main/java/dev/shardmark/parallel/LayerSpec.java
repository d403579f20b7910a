package dev.shardmark.parallel;

import dev.shardmark.kernels.moe.RoutingRule;

/**
 * Dimensions of a layer before anything is split.
 *
 * @param hidden h
 * @param heads a
 * @param kvHeads k, which divides a
 * @param headDim d, even
 * @param headNorm whether heads of queries and keys are normalised, as in Qwen3
 * @param width f, of the MLP or of one expert
 * @param experts E; 0 for an MLP that every token meets
 * @param topK K; 0 without experts
 * @param sharedWidth width of the expert that every token meets besides; 0 if there is none
 * @param rule how a token chooses experts; null without experts
 * @throws IllegalArgumentException if a dimension is too small, or two do not go together
 */
public record LayerSpec(
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    boolean headNorm,
    int width,
    int experts,
    int topK,
    int sharedWidth,
    RoutingRule rule) {
  public LayerSpec {
    if (hidden < 1 || width < 1 || headDim < 2 || headDim % 2 != 0 || sharedWidth < 0) {
      throw new IllegalArgumentException(
          "a layer must not be empty, and a head be even: hidden="
              + hidden
              + " width="
              + width
              + " headDim="
              + headDim
              + " sharedWidth="
              + sharedWidth);
    }
    if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "kvHeads must divide heads: heads=" + heads + " kvHeads=" + kvHeads);
    }
    if (experts > 0) {
      rule.checkExperts(experts, topK);
    } else if (experts < 0 || topK != 0 || sharedWidth != 0 || rule != null) {
      throw new IllegalArgumentException(
          "a layer without experts must have no choice of them: experts="
              + experts
              + " topK="
              + topK
              + " sharedWidth="
              + sharedWidth);
    }
  }

  /** A layer whose MLP every token meets. */
  public static LayerSpec dense(int hidden, int heads, int kvHeads, int headDim, int width) {
    return new LayerSpec(hidden, heads, kvHeads, headDim, false, width, 0, 0, 0, null);
  }

  /** The same layer with experts in place of its MLP, as wide as that was. */
  public LayerSpec withExperts(int experts, int topK, int sharedWidth, RoutingRule rule) {
    return new LayerSpec(
        hidden, heads, kvHeads, headDim, headNorm, width, experts, topK, sharedWidth, rule);
  }

  /** Query heads that share a key and value head. */
  public int group() {
    return heads / kvHeads;
  }
}
