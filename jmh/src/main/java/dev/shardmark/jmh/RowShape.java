package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dimensions of what works row by row as one parameter, {@code TOKENSxWIDTH}. */
public record RowShape(int tokens, int width) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxWIDTH}.
   *
   * @throws IllegalArgumentException unless it is two counts of at least 1
   */
  public static RowShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int tokens = Integer.parseInt(form.group(1));
      int width = Integer.parseInt(form.group(2));
      if (tokens > 0 && width > 0) {
        return new RowShape(tokens, width);
      }
    }
    throw new IllegalArgumentException(
        "shape must be TOKENSxWIDTH with counts from 1 to 999999999: shape=" + text);
  }
}
