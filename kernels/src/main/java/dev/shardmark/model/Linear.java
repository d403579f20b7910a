package dev.shardmark.model;

import java.util.Locale;

/**
 * A weight matrix of a transformer, in the order a token meets it, and how tensor parallelism
 * splits it.
 *
 * <p>Projections of one input are fused into one matrix, as serving engines fuse them: {@link #QKV}
 * is query, key and value side by side, a {@code GATE_UP} is gate and up. The {@code A} linears of
 * latent attention compress to a rank that all heads share, so they stay whole on every rank.
 */
public enum Linear {
  QKV(Split.COLUMN),
  /** Latent attention: hidden to the query's low rank. */
  Q_A(Split.REPLICATED),
  /** Latent attention: the query's low rank to its heads. */
  Q_B(Split.COLUMN),
  /** Latent attention: hidden to the cached latent and the shared rotary key. */
  KV_A(Split.REPLICATED),
  /** Latent attention: the latent to the heads' keys and values. */
  KV_B(Split.COLUMN),
  O(Split.ROW),
  GATE_UP(Split.COLUMN),
  DOWN(Split.ROW),
  /** One score per routed expert. */
  ROUTER(Split.REPLICATED),
  /** One routed expert's gate and up. */
  EXPERT_GATE_UP(Split.COLUMN),
  /** One routed expert's down. */
  EXPERT_DOWN(Split.ROW),
  /** The expert every token meets. */
  SHARED_GATE_UP(Split.COLUMN),
  SHARED_DOWN(Split.ROW),
  /** Hidden to logits; its column shards are parts of the vocabulary. */
  LM_HEAD(Split.COLUMN);

  private final Split split;

  Linear(Split split) {
    this.split = split;
  }

  /** What tensor parallelism does to a (k x n) weight. */
  public enum Split {
    /** Each rank holds n / t columns and computes its part of the output: no reduction. */
    COLUMN,
    /** Each rank holds k / t rows and computes a partial sum of the whole output. */
    ROW,
    /** Each rank holds, and computes, everything. */
    REPLICATED
  }

  public Split split() {
    return split;
  }

  /** Whether the ranks' outputs are partial sums, so that an all-reduce of (T x h) must follow. */
  public boolean allReduces() {
    return split == Split.ROW;
  }

  /** Whether a layer holds one such matrix per routed expert. */
  public boolean routed() {
    return this == EXPERT_GATE_UP || this == EXPERT_DOWN;
  }

  /** The name in parameters and results, in lower case. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
