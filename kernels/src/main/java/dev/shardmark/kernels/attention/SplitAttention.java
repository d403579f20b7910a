package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.kvcache.KvSequence;
import java.util.Arrays;

/**
 * A {@link CachedAttention} in parts of the keys that are merged: what ranks that share a long
 * sequence do, one part after another.
 */
public final class SplitAttention {
  private final CachedAttention attention;
  private float[] partialO = new float[0];
  private float[] partialLse = new float[0];

  /** Attends to each part with {@code attention}. */
  public SplitAttention(CachedAttention attention) {
    this.attention = attention;
  }

  /**
   * Attends to all keys.
   *
   * @param bounds part p is the keys {@code bounds[p] <= j < bounds[p + 1]}; from 0 to the length
   *     of the sequence, never descending
   * @throws IllegalArgumentException if the bounds are others, or the shapes disagree
   */
  public void attend(
      float scale, boolean causal, Heads q, KvSequence cache, int[] bounds, Heads o, Matrix lse) {
    checkBounds(bounds, cache.tokens());
    attention.attendPart(scale, causal, q, cache, 0, bounds[1], o, lse);
    Heads partO = partO(q);
    Matrix partLse = partLse(q);
    for (int p = 1; p < bounds.length - 1; p++) {
      attention.attendPart(scale, causal, q, cache, bounds[p], bounds[p + 1], partO, partLse);
      Attention.merge(o, lse, partO, partLse);
    }
  }

  /**
   * Bounds of parts of about the same length, whole blocks but for the last; some are empty if
   * there are fewer blocks than parts.
   *
   * @throws IllegalArgumentException if parts is not positive
   */
  public static int[] bounds(KvSequence cache, int parts) {
    if (parts <= 0) {
      throw new IllegalArgumentException("parts must be positive: parts=" + parts);
    }
    int blockTokens = cache.pool().blockTokens();
    long blocks = Math.ceilDiv(cache.tokens(), blockTokens);
    int[] bounds = new int[parts + 1];
    for (int p = 1; p <= parts; p++) {
      bounds[p] = (int) Math.min(cache.tokens(), blocks * p / parts * blockTokens);
    }
    return bounds;
  }

  private static void checkBounds(int[] bounds, int tokens) {
    boolean right = bounds.length > 1 && bounds[0] == 0 && bounds[bounds.length - 1] == tokens;
    for (int p = 1; right && p < bounds.length; p++) {
      right = bounds[p] >= bounds[p - 1];
    }
    if (!right) {
      throw new IllegalArgumentException(
          "bounds must lead from 0 to tokens without descending: tokens="
              + tokens
              + " bounds="
              + Arrays.toString(bounds));
    }
  }

  private Heads partO(Heads q) {
    int width = Math.multiplyExact(q.heads(), q.headDim());
    int size = Math.multiplyExact(q.tokens(), width);
    if (partialO.length < size) {
      partialO = new float[size];
    }
    return new Heads(partialO, 0, q.tokens(), q.heads(), q.headDim(), width, q.headDim());
  }

  private Matrix partLse(Heads q) {
    int size = Math.multiplyExact(q.tokens(), q.heads());
    if (partialLse.length < size) {
      partialLse = new float[size];
    }
    return new Matrix(partialLse, 0, q.tokens(), q.heads(), q.heads());
  }
}
