package dev.shardmark.kernels.moe;

/**
 * Which experts each token goes to: choice i of token t is expert {@code expert[t * topK + i]} with
 * {@code weight[t * topK + i]}. The arrays are shared with the caller and may be longer.
 *
 * @param tokens tokens, at least 0
 * @param topK experts a token, at least 1
 * @param expert experts, or {@link #DROPPED}
 * @param weight their weights
 * @throws IllegalArgumentException if a count is too small or an array too short
 */
public record Routing(int tokens, int topK, int[] expert, float[] weight) {
  /** In place of an expert that had no room. */
  public static final int DROPPED = -1;

  /** What a Java array holds. */
  private static final int MAX_CHOICES = Integer.MAX_VALUE - 8;

  public Routing {
    if (tokens < 0 || topK < 1) {
      throw new IllegalArgumentException(
          "a routing needs tokens >= 0 and topK >= 1: tokens=" + tokens + " topK=" + topK);
    }
    long length = (long) tokens * topK;
    if (expert.length < length || weight.length < length) {
      throw new IllegalArgumentException(
          "arrays must hold tokens * topK choices: tokens="
              + tokens
              + " topK="
              + topK
              + " expert.length="
              + expert.length
              + " weight.length="
              + weight.length);
    }
  }

  /** Room for a routing. */
  public static Routing zeros(int tokens, int topK) {
    long length = (long) tokens * topK;
    if (length < 0 || length > MAX_CHOICES) {
      throw new IllegalArgumentException(
          "tokens * topK must be in 0..2^31-9: tokens=" + tokens + " topK=" + topK);
    }
    return new Routing(tokens, topK, new int[(int) length], new float[(int) length]);
  }

  /** Choices, dropped ones included. */
  public int choices() {
    return tokens * topK;
  }

  /** Checks that every choice is one of so many experts, or dropped. */
  void check(int experts) {
    for (int at = 0; at < choices(); at++) {
      if (expert[at] < DROPPED || expert[at] >= experts) {
        throw new IllegalArgumentException(
            "an expert must be in 0..experts-1 or dropped: token="
                + at / topK
                + " expert="
                + expert[at]
                + " experts="
                + experts);
      }
    }
  }
}
