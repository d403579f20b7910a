package dev.shardmark.jmh;

/** Dimensions of a rotary embedding as one parameter, {@code TOKENSxHEADSxHEADDIM}. */
public record RopeShape(int tokens, int heads, int headDim) {
  private static final String RULE =
      "TOKENSxHEADSxHEADDIM with counts from 1 to 999999999, the last one even";

  /**
   * Reads {@code TOKENSxHEADSxHEADDIM}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1, the last one even
   */
  public static RopeShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 3);
    if (n[2] % 2 != 0) {
      throw Counts.refused("shape", RULE, text);
    }
    return new RopeShape(n[0], n[1], n[2]);
  }
}
