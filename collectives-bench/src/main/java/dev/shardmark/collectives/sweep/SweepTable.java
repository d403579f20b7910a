package dev.shardmark.collectives.sweep;

import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Sweeps as text: the table of nccl-tests, then what it does not have.
 *
 * <p>time, algbw and busbw are of calls back to back; memory is the traffic of the formula in that
 * time, where the algorithm is known, as a share of the roof where that is. Percentiles are of
 * isolated calls.
 */
public final class SweepTable {
  private static final String[] HEADER = {
    "#                                                       out-of-place"
        + "                       in-place                memory    isolated, %s",
    "#       size         count   type   redop  root     time   algbw   busbw #wrong"
        + "     time   algbw   busbw #wrong  GB/s  roof      p50      p90      p99    p99.9      max",
    "#        (B)    (elements)                           (us)  (GB/s)  (GB/s)       "
        + "     (us)  (GB/s)  (GB/s)               (%%)     (us)     (us)     (us)     (us)     (us)"
  };

  private SweepTable() {}

  /** What stands above the points of one group and algorithm. */
  public static String header(SweepPoint first) {
    String which = first.inPlace().isPresent() ? "in place" : "out of place";
    return String.format(
            Locale.ROOT,
            "# %s, algorithm %s, %d ranks, transport %s%n",
            first.operation(),
            first.algorithm(),
            first.ranks(),
            first.transport())
        + String.format(Locale.ROOT, String.join("%n", HEADER), which);
  }

  /**
   * One line.
   *
   * @param roofGBs what the ranks copy together, or 0 if that is not known
   */
  public static String line(SweepPoint point, double roofGBs) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%12d  %12d  %5s  %6s  %4d",
            point.bytes(),
            point.count(),
            "float",
            point.reduction().isEmpty() ? "none" : point.reduction(),
            point.root()));
    if (point.wrong().isPresent()) {
      return line + "  " + point.wrong().get();
    }
    append(line, point, point.outOfPlace());
    append(line, point, point.inPlace());
    Optional<Timing> shown = point.inPlace().or(point::outOfPlace);
    shown.ifPresent(timing -> appendMore(line, point, timing, roofGBs));
    return line.toString();
  }

  private static void append(StringBuilder line, SweepPoint point, Optional<Timing> timing) {
    if (timing.isEmpty()) {
      line.append(String.format(Locale.ROOT, "  %7s  %6s  %6s  %5s", "N/A", "N/A", "N/A", "N/A"));
      return;
    }
    double ns = timing.get().backToBackNs();
    line.append(
        String.format(
            Locale.ROOT,
            "  %7s  %6.2f  %6.2f  %5d",
            micros(ns),
            point.traffic().algBwGBs(ns),
            point.traffic().busBwGBs(ns),
            0));
  }

  private static void appendMore(
      StringBuilder line, SweepPoint point, Timing timing, double roofGBs) {
    double memoryGBs = point.traffic().memoryGBs(timing.backToBackNs());
    line.append(memoryGBs > 0 ? String.format(Locale.ROOT, "  %5.1f", memoryGBs) : "      -");
    line.append(
        roofGBs > 0 ? String.format(Locale.ROOT, "  %4.0f", 100 * memoryGBs / roofGBs) : "     -");
    Histogram isolated = timing.isolated();
    for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
      line.append(
          String.format(Locale.ROOT, "  %7s", micros(isolated.getValueAtPercentile(percentile))));
    }
  }

  /** Four digits or so, however long. */
  private static String micros(double ns) {
    double us = ns / 1e3;
    int decimals = us < 10 ? 3 : us < 100 ? 2 : us < 1000 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", us);
  }
}
