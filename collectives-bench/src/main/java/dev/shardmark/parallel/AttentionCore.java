package dev.shardmark.parallel;

import dev.shardmark.kernels.attention.Heads;

/**
 * Attention between projection and projection, as a rank computes it with others that hold other
 * tokens, other heads, or other parts of a cache.
 *
 * <p><b>Shapes</b> one element of each array for each sequence; a sequence has as many tokens on
 * this rank in q, k, v and o, in the order of the rank's positions. q and o have this rank's query
 * heads, k and v the key and value heads these share. Rotary positions are already in q and k. o is
 * written and never read.
 *
 * <p>A core times its own kernels, and lets its communicators keep a ledger.
 *
 * <p><b>Threading</b> as {@link Sublayer}.
 */
@FunctionalInterface
public interface AttentionCore {
  /** Attends. */
  void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o);

  /** The factor of every score. */
  static float scale(int headDim) {
    return (float) (1 / Math.sqrt(headDim));
  }
}
