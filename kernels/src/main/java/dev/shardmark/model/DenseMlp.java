package dev.shardmark.model;

import java.util.Map;

/**
 * The same gated MLP in every layer.
 *
 * @param width f: {@code gate_up} is h x 2 f, {@code down} is f x h
 * @throws IllegalArgumentException if the width is below 1
 */
public record DenseMlp(int width) implements FeedForwardConfig {
  public DenseMlp {
    if (width < 1) {
      throw new IllegalArgumentException("an MLP must not be empty: width=" + width);
    }
  }

  @Override
  public int experts() {
    return 0;
  }

  @Override
  public int topK() {
    return 0;
  }

  @Override
  public Map<Linear, WeightShape> linears(int layer, int hidden) {
    return Map.of(
        Linear.GATE_UP, new WeightShape(hidden, 2 * width),
        Linear.DOWN, new WeightShape(width, hidden));
  }

  @Override
  public long vectorWeights(int layer, int hidden, int expertsCounted) {
    return 0;
  }

  @Override
  public DenseMlp shard(int tensor, boolean wholeExperts) {
    return new DenseMlp(ShardPlan.share("tensor", tensor, "MLP width", "width", width));
  }
}
