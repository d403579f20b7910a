package dev.shardmark.results.claims;

import java.util.List;

/**
 * A figure and how far forks of the rows behind it are apart.
 *
 * @param low by the forks that make it lowest
 * @param middle by the median over forks
 * @param high by the forks that make it highest
 */
public record Interval(double low, double middle, double high) {
  static Interval exact(double value) {
    return new Interval(value, value, value);
  }

  /** Of one value a fork. */
  static Interval of(List<Double> forks) {
    return new Interval(Take.MIN.of(forks), Take.MEDIAN.of(forks), Take.MAX.of(forks));
  }

  /** The quotient of figures above 0, whose forks have nothing to do with each other. */
  Interval over(Interval other) {
    return new Interval(low / other.high, middle / other.middle, high / other.low);
  }

  boolean isFinite() {
    return Double.isFinite(low) && Double.isFinite(middle) && Double.isFinite(high);
  }
}
