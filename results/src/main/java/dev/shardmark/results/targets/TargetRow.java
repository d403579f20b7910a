package dev.shardmark.results.targets;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.SortedCopy;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A row as a target names it: parameters left out have the value {@link RowNames} gives them.
 *
 * @param benchmark class and method
 * @param parameters values of the parameters that matter to the target
 */
public record TargetRow(String benchmark, SortedMap<String, String> parameters) {
  public TargetRow {
    Objects.requireNonNull(benchmark, "benchmark");
    parameters = SortedCopy.of(parameters, "parameters");
  }

  /** This row where the peer says nothing else. */
  TargetRow overlaid(Peer peer) {
    SortedMap<String, String> values = new TreeMap<>(parameters);
    values.keySet().removeAll(peer.without());
    values.putAll(peer.parameters());
    return new TargetRow(peer.benchmark() == null ? benchmark : peer.benchmark(), values);
  }

  /** In the form of a row's name. */
  @Override
  public String toString() {
    return Row.name(benchmark, parameters);
  }
}
