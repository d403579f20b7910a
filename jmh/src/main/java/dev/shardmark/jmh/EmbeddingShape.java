package dev.shardmark.jmh;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Dimensions of an embedding lookup as one parameter, {@code IDSxVOCABULARYxMODEL}. */
public record EmbeddingShape(int count, int vocabulary, int model) {
  private static final String RULE = "IDSxVOCABULARYxMODEL with counts from 1 to 999999999";

  /**
   * Reads {@code IDSxVOCABULARYxMODEL}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static EmbeddingShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 3);
    return new EmbeddingShape(n[0], n[1], n[2]);
  }

  /** The ids looked up: random, so that no row is near the last one. */
  public int[] ids() {
    return new SplittableRandom(42).ints(count, 0, vocabulary).toArray();
  }

  /** How many different ids there are among them. */
  public long different() {
    return IntStream.of(ids()).distinct().count();
  }
}
