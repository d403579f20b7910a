package dev.shardmark.jmh;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Dimensions of an embedding lookup as one parameter, {@code IDSxVOCABULARYxMODEL}. */
public record EmbeddingShape(int count, int vocabulary, int model) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code IDSxVOCABULARYxMODEL}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static EmbeddingShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int count = Integer.parseInt(form.group(1));
      int vocabulary = Integer.parseInt(form.group(2));
      int model = Integer.parseInt(form.group(3));
      if (count > 0 && vocabulary > 0 && model > 0) {
        return new EmbeddingShape(count, vocabulary, model);
      }
    }
    throw new IllegalArgumentException(
        "shape must be IDSxVOCABULARYxMODEL with counts from 1 to 999999999: shape=" + text);
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
