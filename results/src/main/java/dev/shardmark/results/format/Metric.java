package dev.shardmark.results.format;

import java.util.List;
import java.util.Objects;

/**
 * Samples of one quantity, by fork and iteration.
 *
 * @param unit unit of every sample, for example {@code us/op} or {@code B/op}
 * @param samples one list per fork, in order; the fork is the statistical sample
 * @throws IllegalArgumentException if a sample is NaN or infinite
 */
public record Metric(String unit, List<List<Double>> samples) {
  /** Unit of time samples. */
  public static final String TIME_UNIT = "us/op";

  public Metric {
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(samples, "samples");
    samples = samples.stream().map(List::copyOf).toList();
    samples.forEach(fork -> fork.forEach(sample -> Finite.orNull(sample, "sample")));
  }
}
