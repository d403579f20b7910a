package dev.shardmark.results.format;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * What a run was asked to measure; enough to go on with it after an interruption.
 *
 * @param preset name of the preset: how long and how often
 * @param filter regular expression over row names, null for all
 * @param parameters values that replace a benchmark's own, by parameter name
 * @param plannedRows rows this request comes to
 */
public record Request(
    String preset, String filter, SortedMap<String, List<String>> parameters, int plannedRows) {
  public Request {
    Objects.requireNonNull(preset, "preset");
    parameters = SortedCopy.of(parameters, "parameters");
    if (plannedRows < 0) {
      throw new IllegalArgumentException(
          "plannedRows must not be negative: plannedRows=" + plannedRows);
    }
  }
}
