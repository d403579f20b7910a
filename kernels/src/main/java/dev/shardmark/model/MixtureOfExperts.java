package dev.shardmark.model;

import java.util.HashMap;
import java.util.Map;

/**
 * Layers whose MLP is many experts, of which a router picks a few per token.
 *
 * @param experts routed experts E: {@code router} is h x E
 * @param topK routed experts each token meets, K
 * @param expertWidth {@code expert_gate_up} is h x 2 expertWidth, {@code expert_down} expertWidth x
 *     h
 * @param sharedWidth {@code shared_gate_up} is h x 2 sharedWidth, {@code shared_down} sharedWidth x
 *     h: all experts that every token meets, side by side; 0 if there are none
 * @param dense the layers that have a dense MLP instead
 * @param biases weights that are in no matrix
 * @throws IllegalArgumentException if there are no experts, or fewer than each token meets
 */
public record MixtureOfExperts(
    int experts, int topK, int expertWidth, int sharedWidth, DenseLayers dense, Biases biases)
    implements FeedForwardConfig {
  /** Biases beside the matrices. */
  public enum Biases {
    NONE,
    /** One per router score. */
    ROUTER,
    /** One per router score, and one per output of each expert's matrices. */
    ROUTER_AND_EXPERTS
  }

  public MixtureOfExperts {
    if (topK < 1 || topK > experts || expertWidth < 1 || sharedWidth < 0) {
      throw new IllegalArgumentException(
          "top-k must be between 1 and the experts, and no expert empty: topK="
              + topK
              + " experts="
              + experts
              + " expertWidth="
              + expertWidth
              + " sharedWidth="
              + sharedWidth);
    }
  }

  @Override
  public Map<Linear, WeightShape> linears(int layer, int hidden) {
    if (dense.contain(layer)) {
      return new DenseMlp(dense.width()).linears(layer, hidden);
    }
    Map<Linear, WeightShape> linears = new HashMap<>();
    linears.put(Linear.ROUTER, new WeightShape(hidden, experts));
    linears.put(Linear.EXPERT_GATE_UP, new WeightShape(hidden, 2 * expertWidth));
    linears.put(Linear.EXPERT_DOWN, new WeightShape(expertWidth, hidden));
    if (sharedWidth > 0) {
      linears.put(Linear.SHARED_GATE_UP, new WeightShape(hidden, 2 * sharedWidth));
      linears.put(Linear.SHARED_DOWN, new WeightShape(sharedWidth, hidden));
    }
    return linears;
  }

  @Override
  public long vectorWeights(int layer, int hidden, int expertsCounted) {
    if (dense.contain(layer)) {
      return 0;
    }
    return switch (biases) {
      case NONE -> 0;
      case ROUTER -> experts;
      case ROUTER_AND_EXPERTS -> experts + expertsCounted * (2L * expertWidth + hidden);
    };
  }

  @Override
  public MixtureOfExperts shard(int tensor, boolean wholeExperts) {
    int rankExpertWidth =
        wholeExperts
            ? expertWidth
            : ShardPlan.share("tensor", tensor, "expert width", "expertWidth", expertWidth);
    int rankSharedWidth =
        ShardPlan.share("tensor", tensor, "shared expert width", "sharedWidth", sharedWidth);
    return new MixtureOfExperts(
        experts, topK, rankExpertWidth, rankSharedWidth, dense.shard(tensor), biases);
  }
}
