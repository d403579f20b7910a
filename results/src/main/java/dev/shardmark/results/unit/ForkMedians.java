package dev.shardmark.results.unit;

import dev.shardmark.results.format.Metric;
import java.util.List;

/**
 * The samples of a metric, one number a fork: the median of its iterations. The fork is the
 * statistical sample, because iterations of one fork share one outcome of compilation.
 *
 * @param values fork medians in the order of the forks, in the metric's unit
 */
public record ForkMedians(List<Double> values) {
  /** A fork this many times slower than the best one has collapsed. */
  public static final double COLLAPSE = 2;

  public ForkMedians {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("medians need a fork: forks=0");
    }
    values = List.copyOf(values);
  }

  /**
   * The medians of {@code metric}.
   *
   * @throws IllegalArgumentException if it has no fork, or a fork without a sample
   */
  public static ForkMedians of(Metric metric) {
    return new ForkMedians(metric.samples().stream().map(ForkMedians::median).toList());
  }

  /** The median over forks. */
  public double median() {
    return median(values);
  }

  /** The lowest fork median: for a time, the best fork. */
  public double lowest() {
    return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /** The highest fork median: for a time, the worst fork. */
  public double highest() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** How many forks took more than {@link #COLLAPSE} times as long as the best. */
  public int collapsed() {
    double limit = COLLAPSE * lowest();
    return (int) values.stream().filter(value -> value > limit).count();
  }

  private static double median(List<Double> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("a median needs a sample: samples=0");
    }
    List<Double> sorted = samples.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
