package dev.shardmark.jmh;

import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dimensions of attention as one parameter, {@code HEADSxKVHEADSxTOKENSxKVTOKENSxHEADDIM}: one,
 * because JMH crosses parameters with each other.
 */
public record AttentionShape(int heads, int kvHeads, int tokens, int kvTokens, int headDim) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads the five counts.
   *
   * @throws IllegalArgumentException unless all are at least 1 and kvHeads divides heads
   */
  public static AttentionShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int[] n = new int[5];
      for (int i = 0; i < n.length; i++) {
        n[i] = Integer.parseInt(form.group(i + 1));
      }
      if (n[0] > 0 && n[1] > 0 && n[2] > 0 && n[3] > 0 && n[4] > 0 && n[0] % n[1] == 0) {
        return new AttentionShape(n[0], n[1], n[2], n[3], n[4]);
      }
    }
    throw new IllegalArgumentException(
        "shape must be HEADSxKVHEADSxTOKENSxKVTOKENSxHEADDIM, counts from 1 to 999999999, and"
            + " kvHeads must divide heads: shape="
            + text);
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
