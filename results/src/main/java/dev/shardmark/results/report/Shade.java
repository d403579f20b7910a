package dev.shardmark.results.report;

/** Colour classes of an ordered series, spread over the whole ramp. */
final class Shade {
  private static final int LAST = 7;

  private Shade() {}

  static String of(int index, int count) {
    return "s" + (count == 1 ? LAST - 2 : Math.round((float) index * LAST / (count - 1)));
  }
}
