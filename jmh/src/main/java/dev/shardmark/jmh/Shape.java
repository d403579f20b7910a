package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dimensions of a matrix multiply as one parameter, {@code MxNxK}: one, because JMH crosses
 * parameters with each other.
 */
public record Shape(int m, int n, int k) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code MxNxK}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static Shape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int m = Integer.parseInt(form.group(1));
      int n = Integer.parseInt(form.group(2));
      int k = Integer.parseInt(form.group(3));
      if (m > 0 && n > 0 && k > 0) {
        return new Shape(m, n, k);
      }
    }
    throw new IllegalArgumentException(
        "shape must be MxNxK with counts from 1 to 999999999: shape=" + text);
  }
}
