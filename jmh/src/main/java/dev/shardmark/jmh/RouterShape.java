package dev.shardmark.jmh;

/** Dimensions of a routing as one parameter, {@code TOKENSxEXPERTSxTOPK}. */
public record RouterShape(int tokens, int experts, int topK) {
  private static final String RULE =
      "TOKENSxEXPERTSxTOPK with counts from 1 to 999999999 and topK <= experts";

  /**
   * Reads {@code TOKENSxEXPERTSxTOPK}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1, with topK at most
   *     experts
   */
  public static RouterShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 3);
    if (n[2] > n[1]) {
      throw Counts.refused("shape", RULE, text);
    }
    return new RouterShape(n[0], n[1], n[2]);
  }
}
