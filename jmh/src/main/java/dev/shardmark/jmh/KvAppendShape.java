package dev.shardmark.jmh;

/** Dimensions of an append to a cache as one parameter, {@code TOKENSxKVHEADSxHEADDIM}. */
public record KvAppendShape(int tokens, int kvHeads, int headDim) {
  private static final String RULE = "TOKENSxKVHEADSxHEADDIM with counts from 1 to 999999999";

  /**
   * Reads {@code TOKENSxKVHEADSxHEADDIM}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static KvAppendShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 3);
    return new KvAppendShape(n[0], n[1], n[2]);
  }
}
