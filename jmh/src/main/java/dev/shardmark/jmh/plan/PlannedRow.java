package dev.shardmark.jmh.plan;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
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
  /** Name of the row it becomes. */
  public String name() {
    return Row.name(benchmark, parameters);
  }
}
