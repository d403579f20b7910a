package dev.shardmark.jmh;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.kvcache.KvStorage;

/**
 * Dimensions of attention as one parameter, {@code HEADSxKVHEADSxTOKENSxKVTOKENSxHEADDIM}: one,
 * because JMH crosses parameters with each other.
 */
public record AttentionShape(int heads, int kvHeads, int tokens, int kvTokens, int headDim) {
  private static final String RULE =
      "HEADSxKVHEADSxTOKENSxKVTOKENSxHEADDIM, counts from 1 to 999999999, and kvHeads must"
          + " divide heads";

  /**
   * Reads the five counts.
   *
   * @throws IllegalArgumentException unless all are at least 1 and kvHeads divides heads
   */
  public static AttentionShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 5);
    if (n[0] % n[1] != 0) {
      throw Counts.refused("shape", RULE, text);
    }
    return new AttentionShape(n[0], n[1], n[2], n[3], n[4]);
  }

  /**
   * Reads {@code true} or {@code false}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static boolean causal(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("causal must be true or false: causal=" + text);
    };
  }

  /** The work of one call. */
  public Work work(boolean causal) {
    return Attention.work(heads, kvHeads, tokens, kvTokens, headDim, causal);
  }

  /** The work of one call over a cache. */
  public Work work(boolean causal, KvStorage storage) {
    return CachedAttention.work(heads, kvHeads, tokens, kvTokens, headDim, causal, storage);
  }
}
