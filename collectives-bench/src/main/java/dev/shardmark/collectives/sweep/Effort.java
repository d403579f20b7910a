package dev.shardmark.collectives.sweep;

/**
 * How long a point is timed.
 *
 * @param warmupNs calls before the first sample, at least so long
 * @param measureNs calls that are timed one by one, about so long
 * @param fewest calls that are timed, however long they take
 * @param most calls that are timed
 */
public record Effort(long warmupNs, long measureNs, int fewest, int most) {
  /** Half a second to warm up and half a second of samples, 20 to 100,000 of them. */
  public static final Effort USUAL = new Effort(500_000_000, 500_000_000, 20, 100_000);

  public Effort {
    if (warmupNs < 0 || measureNs <= 0 || fewest < 1 || most < fewest) {
      throw new IllegalArgumentException(
          "an effort must have time and calls: warmupNs=%d measureNs=%d fewest=%d most=%d"
              .formatted(warmupNs, measureNs, fewest, most));
    }
  }

  /** Calls that are timed when one takes so long. */
  int calls(double callNs) {
    return Math.clamp((long) (measureNs / Math.max(callNs, 1)), fewest, most);
  }
}
