package dev.shardmark.parallel;

import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.DenseLayers;
import dev.shardmark.model.DenseMlp;
import dev.shardmark.model.FeedForwardConfig;
import dev.shardmark.model.GroupedQueryAttention;
import dev.shardmark.model.GroupedQueryAttention.Extras;
import dev.shardmark.model.Linear;
import dev.shardmark.model.MixtureOfExperts;
import dev.shardmark.model.MixtureOfExperts.Biases;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.WeightShape;
import java.util.Map;

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

  /**
   * A layer of a published model.
   *
   * @param layer from 0
   * @throws IllegalArgumentException if the layer has what layers here do not: latent attention,
   *     biases or sinks
   */
  public static LayerSpec of(ModelConfig model, int layer) {
    if (!(model.attention() instanceof GroupedQueryAttention attention)) {
      throw new IllegalArgumentException(
          "a layer's heads must have keys and values of their own, not a latent: model="
              + model.id());
    }
    if (attention.extras() == Extras.BIASES_AND_SINKS) {
      throw new IllegalArgumentException(
          "a layer must have neither biases nor sinks: model=" + model.id());
    }
    Map<Linear, WeightShape> linears = model.linears(layer);
    boolean dense = linears.containsKey(Linear.DOWN);
    WeightShape shared = linears.get(Linear.SHARED_DOWN);
    return new LayerSpec(
        model.hidden(),
        attention.heads(),
        attention.kvHeads(),
        attention.headDim(),
        attention.extras() == Extras.QK_NORM,
        linears.get(dense ? Linear.DOWN : Linear.EXPERT_DOWN).k(),
        dense ? 0 : model.feedForward().experts(),
        dense ? 0 : model.feedForward().topK(),
        shared == null ? 0 : shared.k(),
        dense ? null : rule(model.id()));
  }

  /** The rule that a model's own code has. */
  private static RoutingRule rule(String id) {
    return id.startsWith("llama-4") ? RoutingRule.sigmoid() : RoutingRule.topKThenSoftmax();
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

  /** Columns of queries, keys and values side by side. */
  public int qkvWidth() {
    return (heads + 2 * kvHeads) * headDim;
  }

  /** The attention, as models have it. */
  public GroupedQueryAttention attention() {
    return new GroupedQueryAttention(
        heads, kvHeads, headDim, headNorm ? Extras.QK_NORM : Extras.NONE);
  }

  /** The MLP or the experts, as models have them. */
  public FeedForwardConfig feedForward() {
    return experts == 0
        ? new DenseMlp(width)
        : new MixtureOfExperts(experts, topK, width, sharedWidth, DenseLayers.NONE, Biases.NONE);
  }

  /** All weights, norms included. */
  public long weights() {
    return weights(attention(), feedForward());
  }

  /** Weights of a part of the layer, of norms all. */
  public long weights(GroupedQueryAttention attention, FeedForwardConfig feedForward) {
    return new ModelConfig("layer", "", 1, hidden, 1, false, attention, feedForward)
        .layerWeights(0);
  }
}
