package dev.shardmark.jmh;

import java.util.regex.Pattern;

/** Counts as the text of one parameter, {@code 2x3x5}. */
final class Counts {
  private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

  /** Flop and bytes are small multiples of what counts multiply to, and must fit a long. */
  private static final double MOST = 0x1p53;

  private Counts() {}

  /**
   * Reads so many counts.
   *
   * @param name of the parameter, for messages
   * @param rule what the text must be
   * @throws IllegalArgumentException unless all are from 1 to 999999999 and their product is at
   *     most 2^53
   */
  static int[] of(String name, String rule, String text, int length) {
    String[] parts = text.split("x", -1);
    int[] counts = new int[length];
    double product = 1;
    for (int i = 0; i < length; i++) {
      if (parts.length != length || !COUNT.matcher(parts[i]).matches()) {
        throw refused(name, rule, text);
      }
      counts[i] = Integer.parseInt(parts[i]);
      product *= counts[i];
    }
    if (product == 0) {
      throw refused(name, rule, text);
    }
    if (product > MOST) {
      throw new IllegalArgumentException(
          "the counts of a " + name + " must multiply to at most 2^53: " + name + "=" + text);
    }
    return counts;
  }

  /** The rule, then the value. */
  static IllegalArgumentException refused(String name, String rule, String text) {
    return new IllegalArgumentException(name + " must be " + rule + ": " + name + "=" + text);
  }
}
