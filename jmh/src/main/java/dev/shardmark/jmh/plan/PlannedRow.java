package dev.shardmark.jmh.plan;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import java.util.SortedMap;

/**
 * A row that is going to be measured.
 *
 * @param benchmark class and method
 * @param heapBytes arrays the fork needs
 */
public record PlannedRow(
    String benchmark,
    SortedMap<String, String> parameters,
    Label label,
    Workload work,
    long heapBytes) {
  /** Starting a JVM and checking a result, seconds. */
  private static final double FORK_SECONDS = 2;

  /** What a core computes at least, for want of the row's own rate. */
  private static final double FLOP_PER_SECOND = 30e9;

  /** A row that one core measures, on operands that stay in the level of memory they fit into. */
  static PlannedRow onOneCore(
      String benchmark, SortedMap<String, String> parameters, Work work, long heapBytes) {
    String level = Caches.here().levelOf(work.bytes());
    Workload workload = new Workload(work.flop(), work.bytes(), level, 1, 0);
    return new PlannedRow(benchmark, parameters, Label.MEASURED, workload, heapBytes);
  }

  /** Name of the row it becomes. */
  public String name() {
    return Row.name(benchmark, parameters);
  }

  /** About how long the row takes. */
  double seconds(Settings settings) {
    double iteration = Math.max(settings.iterationMs() / 1e3, work.flop() / FLOP_PER_SECOND);
    return settings.forks()
        * (FORK_SECONDS + (settings.warmups() + settings.iterations()) * iteration);
  }
}
