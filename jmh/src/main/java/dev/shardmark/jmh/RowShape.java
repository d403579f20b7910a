package dev.shardmark.jmh;

/** Dimensions of a row-wise operation as one parameter, {@code RxC}: rows and columns. */
public record RowShape(int rows, int cols) {
  private static final String RULE = "RxC with counts from 1 to 999999999";

  /**
   * Reads {@code RxC}.
   *
   * @throws IllegalArgumentException unless it is two counts of at least 1
   */
  public static RowShape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 2);
    return new RowShape(n[0], n[1]);
  }
}
