package dev.shardmark.model;

import java.util.Map;

/**
 * Attention whose query heads share key/value heads in equal groups (GQA); one head per group is
 * plain multi-head attention.
 *
 * @param heads query heads a: the query projection is h x a d, the output projection a d x h
 * @param kvHeads key/value heads k: the key and value projections are h x k d each
 * @param headDim elements per head d
 * @param extras weights that are in no matrix
 * @throws IllegalArgumentException if a dimension is below 1, or the groups are unequal
 */
public record GroupedQueryAttention(int heads, int kvHeads, int headDim, Extras extras)
    implements AttentionConfig {
  /** Weights beside the matrices. */
  public enum Extras {
    NONE,
    /** An RMS norm over d on queries and one on keys (Qwen3). */
    QK_NORM,
    /** A bias on each projection, and one attention sink per query head (gpt-oss). */
    BIASES_AND_SINKS
  }

  public GroupedQueryAttention {
    if (heads < 1 || kvHeads < 1 || headDim < 1 || heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "key/value heads must divide the query heads, and none be empty: heads="
              + heads
              + " kvHeads="
              + kvHeads
              + " headDim="
              + headDim);
    }
  }

  @Override
  public Map<Linear, WeightShape> linears(int hidden) {
    return Map.of(
        Linear.QKV, new WeightShape(hidden, qkvWidth()),
        Linear.O, new WeightShape(heads * headDim, hidden));
  }

  @Override
  public long vectorWeights(int hidden) {
    return switch (extras) {
      case NONE -> 0;
      case QK_NORM -> 2L * headDim;
      case BIASES_AND_SINKS -> (long) qkvWidth() + hidden + heads;
    };
  }

  /** One key and one value per key/value head: 2 k d. */
  @Override
  public int cacheElements() {
    return 2 * kvHeads * headDim;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A rank holds a / t query heads and the key/value heads they attend with: k / t of them, or,
   * when there are more ranks than key/value heads, one that t / k ranks hold alike.
   */
  @Override
  public GroupedQueryAttention shard(int tensor) {
    int rankHeads = ShardPlan.share("tensor", tensor, "attention heads", "heads", heads);
    if (kvHeads % tensor != 0 && tensor % kvHeads != 0) {
      throw new IllegalArgumentException(
          "tensor degree must divide the key/value heads or be a multiple of them: tensor="
              + tensor
              + " kvHeads="
              + kvHeads);
    }
    return new GroupedQueryAttention(rankHeads, Math.max(1, kvHeads / tensor), headDim, extras);
  }

  private int qkvWidth() {
    return (heads + 2 * kvHeads) * headDim;
  }
}
