package dev.shardmark.jmh;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dimensions of a row-wise operation as one parameter, {@code RxC}: rows and columns. */
public record RowShape(int rows, int cols) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

  /**
   * Reads {@code RxC}.
   *
   * @throws IllegalArgumentException unless it is two counts of at least 1
   */
  public static RowShape of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int rows = Integer.parseInt(form.group(1));
      int cols = Integer.parseInt(form.group(2));
      if (rows > 0 && cols > 0) {
        return new RowShape(rows, cols);
      }
    }
    throw new IllegalArgumentException(
        "shape must be RxC with counts from 1 to 999999999: shape=" + text);
  }
}
