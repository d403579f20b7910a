package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dimensions of a rotary embedding as one parameter, {@code TOKENSxHEADSxHEADDIM}. */
public record RopeShape(int tokens, int heads, int headDim) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code TOKENSxHEADSxHEADDIM}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1, the last one even
   */
  public static RopeShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int tokens = Integer.parseInt(form.group(1));
      int heads = Integer.parseInt(form.group(2));
      int headDim = Integer.parseInt(form.group(3));
      if (tokens > 0 && heads > 0 && headDim > 0 && headDim % 2 == 0) {
        return new RopeShape(tokens, heads, headDim);
      }
    }
    throw new IllegalArgumentException(
        "shape must be TOKENSxHEADSxHEADDIM with counts from 1 to 999999999, the last one even:"
            + " shape="
            + text);
  }
}
