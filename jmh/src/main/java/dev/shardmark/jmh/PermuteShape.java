package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A routing and the width of the rows it moves as one parameter, {@code ROUTINGxMODEL}. */
public record PermuteShape(RouterShape routing, int model) {
  private static final Pattern FORM = Pattern.compile("(\\d+x\\d+x\\d+)x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxEXPERTSxTOPKxMODEL}.
   *
   * @throws IllegalArgumentException unless it is four counts of at least 1, with topK at most
   *     experts
   */
  public static PermuteShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches() && Integer.parseInt(form.group(2)) > 0) {
      return new PermuteShape(RouterShape.of(form.group(1)), Integer.parseInt(form.group(2)));
    }
    throw new IllegalArgumentException(
        "shape must be TOKENSxEXPERTSxTOPKxMODEL with counts from 1 to 999999999: shape=" + text);
  }
}
