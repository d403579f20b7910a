package dev.shardmark.results.unit;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Workload;
import java.util.Optional;

/** What the samples of a row come to, the only place where it is worked out. */
public final class FigureCalculator {
  private FigureCalculator() {}

  /**
   * The figures of one row.
   *
   * <pre>{@code
   * time      = median over forks of the fork's median
   * GFLOP/s   = flop / time, GB/s = bytes / time
   * intensity = flop / bytes
   * roof %    = 100 x bound time / time
   * }</pre>
   *
   * @param time samples in {@link Metric#TIME_UNIT}
   * @param work what one operation does, null where the question does not arise: then only times
   * @param roofline the ceilings of the same run; where it lacks one, the share of the roof is null
   * @throws IllegalArgumentException if the unit is another, a fork has no sample, or a time is not
   *     positive
   */
  public static Figures figures(Metric time, Workload work, Roofline roofline) {
    if (!time.unit().equals(Metric.TIME_UNIT)) {
      throw new IllegalArgumentException(
          "time must be in " + Metric.TIME_UNIT + ": unit=" + time.unit());
    }
    ForkMedians forks = ForkMedians.of(time);
    double timeUs = forks.median();
    boolean computes = work != null && work.flop() > 0;
    boolean moves = work != null && work.bytes() > 0;
    Optional<Roofline.Bound> bound = Optional.ofNullable(work).flatMap(roofline::bound);
    return new Figures(
        timeUs,
        forks.lowest(),
        forks.highest(),
        computes ? perNs(work.flop(), timeUs) : null,
        moves ? perNs(work.bytes(), timeUs) : null,
        moves ? (double) work.flop() / work.bytes() : null,
        bound.map(limit -> 100 * limit.timeUs() / timeUs).orElse(null),
        bound.map(Roofline.Bound::name).orElse(null));
  }

  /** 1 a nanosecond is 1e9 a second. */
  private static Double perNs(long count, double timeUs) {
    return count / (timeUs * 1e3);
  }
}
