package dev.shardmark.model;

import java.util.Map;

/**
 * Multi-head latent attention (MLA): keys and values are rebuilt from one latent per token, which
 * alone is cached. Its weight matrices are those of the unabsorbed form.
 *
 * <p><b>Source</b> DeepSeek-AI, DeepSeek-V2, 2024, section 2.1.
 *
 * @param heads heads a
 * @param queryRank width of the compressed query: {@code q_a} is h x queryRank
 * @param latentRank width of the cached latent: {@code kv_a} is h x (latentRank + ropeDim)
 * @param ropeDim elements of a head's query and of the shared key that carry the position
 * @param nopeDim elements of a head's query and key that do not: {@code q_b} is queryRank x a
 *     (nopeDim + ropeDim)
 * @param valueDim elements of a head's value: {@code kv_b} is latentRank x a (nopeDim + valueDim),
 *     {@code o} is a valueDim x h
 * @throws IllegalArgumentException if a dimension is below 1
 */
public record LatentAttention(
    int heads, int queryRank, int latentRank, int ropeDim, int nopeDim, int valueDim)
    implements AttentionConfig {
  public LatentAttention {
    if (heads < 1
        || queryRank < 1
        || latentRank < 1
        || ropeDim < 1
        || nopeDim < 1
        || valueDim < 1) {
      throw new IllegalArgumentException(
          "latent attention must have no empty dimension: heads="
              + heads
              + " queryRank="
              + queryRank
              + " latentRank="
              + latentRank
              + " ropeDim="
              + ropeDim
              + " nopeDim="
              + nopeDim
              + " valueDim="
              + valueDim);
    }
  }

  @Override
  public Map<Linear, WeightShape> linears(int hidden) {
    return Map.of(
        Linear.Q_A, new WeightShape(hidden, queryRank),
        Linear.Q_B, new WeightShape(queryRank, heads * (nopeDim + ropeDim)),
        Linear.KV_A, new WeightShape(hidden, cacheElements()),
        Linear.KV_B, new WeightShape(latentRank, heads * (nopeDim + valueDim)),
        Linear.O, new WeightShape(heads * valueDim, hidden));
  }

  /** The norms of the compressed query and of the latent. */
  @Override
  public long vectorWeights(int hidden) {
    return queryRank + latentRank;
  }

  /** The latent and the rotary key, which all heads share: latentRank + ropeDim. */
  @Override
  public int cacheElements() {
    return latentRank + ropeDim;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The heads divide; every rank compresses, and caches, the whole latent.
   */
  @Override
  public LatentAttention shard(int tensor) {
    int rankHeads = ShardPlan.share("tensor", tensor, "attention heads", "heads", heads);
    return new LatentAttention(rankHeads, queryRank, latentRank, ropeDim, nopeDim, valueDim);
  }
}
