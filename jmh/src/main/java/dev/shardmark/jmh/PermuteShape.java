package dev.shardmark.jmh;

/** A routing and the width of the rows it moves as one parameter, {@code ROUTINGxMODEL}. */
public record PermuteShape(RouterShape routing, int model) {
  private static final String RULE =
      "TOKENSxEXPERTSxTOPKxMODEL with counts from 1 to 999999999 and topK <= experts";

  /**
   * Reads {@code TOKENSxEXPERTSxTOPKxMODEL}.
   *
   * @throws IllegalArgumentException unless it is four counts of at least 1, with topK at most
   *     experts
   */
  public static PermuteShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 4);
    if (n[2] > n[1]) {
      throw Counts.refused("shape", RULE, text);
    }
    return new PermuteShape(new RouterShape(n[0], n[1], n[2]), n[3]);
  }
}
