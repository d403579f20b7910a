package dev.shardmark.jmh;

/**
 * Dimensions of a matrix multiply as one parameter, {@code MxNxK}: one, because JMH crosses
 * parameters with each other.
 */
public record Shape(int m, int n, int k) {
  private static final String RULE = "MxNxK with counts from 1 to 999999999";

  /**
   * Reads {@code MxNxK}.
   *
   * @throws IllegalArgumentException unless it is three counts of at least 1
   */
  public static Shape of(String text) {
    int[] n = Counts.of("shape", RULE, text, 3);
    return new Shape(n[0], n[1], n[2]);
  }
}
