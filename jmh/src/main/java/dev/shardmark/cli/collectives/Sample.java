package dev.shardmark.cli.collectives;

import dev.shardmark.collectives.sweep.Timing;

/**
 * One timing, in nanoseconds.
 *
 * @param timeNs of calls back to back
 * @param medianNs of calls behind a barrier, the longest of the ranks each time
 * @param p99Ns of the same
 * @param longestNs of the same
 */
public record Sample(double timeNs, double medianNs, double p99Ns, double longestNs) {
  static Sample of(Timing timing) {
    return new Sample(
        timing.backToBackNs(),
        timing.isolatedNs(50),
        timing.isolatedNs(99),
        timing.isolated().getMaxValue());
  }
}
