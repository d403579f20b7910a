package dev.shardmark.collectives.sweep;

import org.HdrHistogram.Histogram;

/**
 * Times of one call, in nanoseconds.
 *
 * @param backToBackNs calls one after the other without a barrier, time over calls, mean over
 *     ranks: what nccl-tests reports
 * @param isolated calls each behind a barrier that is not timed; a sample is the longest of the
 *     ranks' times of one call
 */
public record Timing(double backToBackNs, Histogram isolated) {
  /** 1 ns to 100 s. */
  private static final long LONGEST_NS = 100_000_000_000L;

  private static final int DIGITS = 3;

  static Histogram histogram() {
    return new Histogram(1, LONGEST_NS, DIGITS);
  }

  /** A percentile of the isolated samples. */
  public long isolatedNs(double percentile) {
    return isolated.getValueAtPercentile(percentile);
  }

  static void record(Histogram histogram, long ns) {
    histogram.recordValue(Math.clamp(ns, 1, LONGEST_NS));
  }
}
