package dev.shardmark.results.format;

import java.util.List;
import java.util.Objects;

/**
 * Samples of one quantity, by fork and iteration.
 *
 * @param unit unit of every sample, for example {@code us/op} or {@code B/op}
 * @param samples one list per fork, in order; the fork is the statistical sample
 */
public record Metric(String unit, List<List<Double>> samples) {
  public Metric {
    Objects.requireNonNull(unit, "unit");
    samples = samples.stream().map(List::copyOf).toList();
  }
}
