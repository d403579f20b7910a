package dev.shardmark.results.targets;

import dev.shardmark.results.format.SortedCopy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows that are to reach a part or multiple of something.
 *
 * @param what a few words, at most {@link #MAX_WHAT} characters
 * @param benchmark class and method of the rows
 * @param parameters values by name; the rows are all their combinations, the last name varying
 *     fastest
 * @param atLeast the figure every row is to reach: a ratio or share, or a rate a second
 * @param against what the rows are held against
 */
public record Target(
    String what,
    String benchmark,
    SortedMap<String, List<String>> parameters,
    double atLeast,
    Yardstick against) {
  /** Keeps a line of the table short. */
  public static final int MAX_WHAT = 34;

  public Target {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(against, "against");
    SortedMap<String, List<String>> copy = new TreeMap<>();
    SortedCopy.of(parameters, "parameters")
        .forEach((name, values) -> copy.put(name, List.copyOf(values)));
    parameters = Collections.unmodifiableSortedMap(copy);
    if (what.isBlank() || what.length() > MAX_WHAT) {
      throw new IllegalArgumentException(
          "what must have 1 to " + MAX_WHAT + " characters: what=" + what);
    }
    if (!(atLeast > 0 && atLeast < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("atLeast must be positive: atLeast=" + atLeast);
    }
    parameters.forEach(
        (name, values) -> {
          if (values.isEmpty()) {
            throw new IllegalArgumentException("a parameter must have a value: parameter=" + name);
          }
        });
  }

  /** The rows, in the order of their values. */
  public List<TargetRow> rows() {
    List<SortedMap<String, String>> points = List.of(new TreeMap<>());
    for (var parameter : parameters.entrySet()) {
      List<SortedMap<String, String>> longer = new ArrayList<>();
      for (SortedMap<String, String> point : points) {
        for (String value : parameter.getValue()) {
          SortedMap<String, String> next = new TreeMap<>(point);
          next.put(parameter.getKey(), value);
          longer.add(next);
        }
      }
      points = longer;
    }
    return points.stream().map(point -> new TargetRow(benchmark, point)).toList();
  }

  /** What tells a row from the target's others, for example {@code 512x512x512}. */
  String difference(TargetRow row) {
    return parameters.keySet().stream()
        .filter(name -> parameters.get(name).size() > 1)
        .map(name -> row.parameters().get(name))
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  /** The goal in words, for example {@code >= 93.0 % of fma}. */
  public String goal() {
    return against.goal(atLeast);
  }
}
