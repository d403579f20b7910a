package dev.shardmark.results.targets;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.unit.ForkMedians;
import java.util.List;

/**
 * A row's rate, or why it has none that a verdict could rest on.
 *
 * @param perSecond the median over forks; NaN where {@code fault} says why
 * @param fault null for a sound rate
 */
record Reading(double perSecond, String fault) {
  /** Forks a verdict needs on each side. */
  static final int FORKS = 5;

  static Reading fault(String why) {
    return new Reading(Double.NaN, why);
  }

  static Reading of(Row row, Rate rate) {
    if (!row.ok()) {
      return fault("the row failed: " + row.failure());
    }
    if (row.checks().isEmpty() || !row.checks().stream().allMatch(Check::passed)) {
      return fault(row.checks().isEmpty() ? "nothing checked its result" : "its check failed");
    }
    List<List<Double>> forks =
        row.time().samples().stream().filter(samples -> !samples.isEmpty()).toList();
    if (forks.size() < FORKS) {
      return fault("too few forks: " + forks.size() + " of " + FORKS);
    }
    long perCall = row.work() == null ? 0 : rate.perCall(row.work());
    double us = ForkMedians.of(new Metric(row.time().unit(), forks)).median();
    if (!row.time().unit().equals(Metric.TIME_UNIT) || !(us > 0) || perCall == 0) {
      return fault("the row has no rate of this kind");
    }
    return new Reading(perCall / (us * 1e-6), null);
  }

  boolean sound() {
    return fault == null;
  }
}
