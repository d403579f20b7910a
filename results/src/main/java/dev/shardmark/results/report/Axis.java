package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * One axis of a plot: which values it spans and where its ticks are.
 *
 * @param title quantity and unit
 * @param log whether equal ratios take equal lengths
 * @param low value at the start
 * @param high value at the end
 * @param ticks marked values
 * @param format how a tick is written
 */
record Axis(
    String title,
    boolean log,
    double low,
    double high,
    List<Double> ticks,
    DoubleFunction<String> format) {
  /** Steps of a decade that read as round numbers. */
  private static final double[] STEPS = {1, 2, 5};

  private static final int MOST_TICKS = 7;

  /** A logarithmic axis over at least these values, ending at round numbers. */
  static Axis log(String title, double low, double high, DoubleFunction<String> format) {
    List<Double> round = new ArrayList<>();
    int last = (int) Math.ceil(Math.log10(high));
    for (int decade = (int) Math.floor(Math.log10(low)); decade <= last; decade++) {
      for (double step : STEPS) {
        round.add(step * Math.pow(10, decade));
      }
    }
    double from = round.stream().filter(v -> v <= low * 1.001).reduce((a, b) -> b).orElse(low);
    double to =
        round.stream().filter(v -> v >= high * 0.999 && v > from).findFirst().orElse(10 * high);
    List<Double> ticks = round.stream().filter(v -> v >= from && v <= to).toList();
    if (ticks.size() > MOST_TICKS) {
      ticks = ticks.stream().filter(Axis::isPowerOfTen).toList();
    }
    int every = (ticks.size() + MOST_TICKS - 1) / MOST_TICKS;
    return new Axis(title, true, from, to, everyNth(ticks, every), format);
  }

  /** A linear axis from 0 to at least {@code high}. */
  static Axis linear(String title, double high, DoubleFunction<String> format) {
    double step = Math.pow(10, Math.floor(Math.log10(high / 4)));
    while (high / step > 5) {
      step *= high / step > 12 ? 5 : 2.5;
    }
    List<Double> ticks = new ArrayList<>();
    double end = Math.ceil(high / step * 0.999) * step;
    for (int i = 0; i * step <= end * 1.001; i++) {
      ticks.add(i * step);
    }
    return new Axis(title, false, 0, end, ticks, format);
  }

  /** A logarithmic axis of a few whole numbers, each of them marked, with room at both ends. */
  static Axis steps(String title, List<Integer> values) {
    List<Double> ticks = values.stream().map(Integer::doubleValue).toList();
    double room = 1.25;
    return new Axis(
        title, true, ticks.getFirst() / room, ticks.getLast() * room, ticks, Numbers::tick);
  }

  /** A logarithmic axis of sizes in bytes, marked at powers of two, with room at both ends. */
  static Axis sizes(String title, List<Long> bytes, int mostTicks) {
    int above = Long.SIZE - Long.numberOfLeadingZeros(Collections.min(bytes) - 1);
    int below = Long.SIZE - 1 - Long.numberOfLeadingZeros(Collections.max(bytes));
    int first = Math.min(above, below); // none lies between sizes that are close to each other
    int last = Math.max(above, below);
    int step = Math.ceilDiv(Math.max(1, last - first), mostTicks);
    List<Double> ticks = new ArrayList<>();
    for (int power = Math.ceilDiv(first, step) * step; power <= last; power += step) {
      ticks.add(Math.scalb(1.0, power));
    }
    double room = 2;
    return new Axis(
        title,
        true,
        Collections.min(bytes) / room,
        Collections.max(bytes) * room,
        ticks,
        value -> Numbers.bytes((long) value));
  }

  /** Where a value lies, 0 at the start and 1 at the end. */
  double fraction(double value) {
    return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  }

  private static boolean isPowerOfTen(double value) {
    double exponent = Math.log10(value);
    return Math.abs(exponent - Math.rint(exponent)) < 1e-9;
  }

  private static List<Double> everyNth(List<Double> values, int n) {
    List<Double> kept = new ArrayList<>();
    for (int i = 0; i < values.size(); i += n) {
      kept.add(values.get(i));
    }
    return kept;
  }
}
