package dev.shardmark.results.claims;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.SortedCopy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * A number read from rows: a value of each of them, over that of another where asked for, and one
 * number for all.
 *
 * @param rows their source; one that ends in {@code .*} stands for all that begin so
 * @param where the values their parameters may have; each that is named must be there
 * @param label what the rows must be, null for any
 * @param value as {@link RowValues} has them, null for the main one
 * @param over what each value is divided by, null for nothing
 * @param along a numeric parameter: the values are then the slopes of value against parameter, both
 *     as logarithms, of rows that differ in nothing else; null for the values themselves
 * @param take one number for all, null for the median
 */
public record Figure(
    String rows,
    SortedMap<String, List<String>> where,
    Label label,
    String value,
    Over over,
    String along,
    Take take) {
  /** Fewer points than this show no trend. */
  private static final int TREND = 3;

  public Figure {
    Objects.requireNonNull(rows, "rows");
    where = where == null ? Collections.emptySortedMap() : SortedCopy.of(where, "where");
    take = take == null ? Take.MEDIAN : take;
  }

  boolean selects(Evidence row) {
    boolean named =
        rows.endsWith(".*")
            ? row.source().startsWith(rows.substring(0, rows.length() - 1))
            : row.source().equals(rows);
    return named
        && (label == null || row.label() == label)
        && where.entrySet().stream()
            .allMatch(
                asked ->
                    row.parameters().containsKey(asked.getKey())
                        && asked.getValue().contains(row.parameters().get(asked.getKey())));
  }

  /** The number, or why there is none. */
  Finding of(Sources sources) {
    Map<Evidence, Interval> values = new LinkedHashMap<>();
    Set<Evidence> used = new LinkedHashSet<>();
    for (Evidence row : sources.of(this)) {
      try {
        List<Evidence> others = over == null ? List.of() : sources.of(over, row);
        if (over == null) {
          values.put(row, row.value(value));
          used.add(row);
        } else if (others.size() == 1) {
          Evidence other = others.getFirst();
          String otherValue = over.value() == null && over.rows() == null ? value : over.value();
          values.put(row, row.value(value).over(other.value(otherValue)));
          used.addAll(List.of(row, other));
        } else if (others.size() > 1) {
          String many = "one row to compare with, not " + others.size();
          return Finding.lacking(List.of(many), many + ": " + row.name());
        }
      } catch (IllegalArgumentException fault) {
        String unsound = "sound rows, " + fault.getMessage();
        return Finding.lacking(List.of(unsound), unsound + ": " + row.name());
      }
    }
    if (!covers(values.keySet())) {
      return Finding.lacking(lacks(), "rows " + this);
    }
    List<Interval> numbers = along == null ? List.copyOf(values.values()) : slopes(values);
    if (numbers.isEmpty()) {
      String trend = " with " + TREND + " values of " + along;
      return Finding.lacking(lacks(), "rows " + this + trend);
    }
    Interval figure = taken(numbers);
    return figure.isFinite()
        ? Finding.found(figure, List.copyOf(used))
        : Finding.lacking(lacks(), "a number from rows " + this);
  }

  /** Whether there is a row, and one with each value that was asked for by name. */
  private boolean covers(Set<Evidence> found) {
    return !found.isEmpty()
        && where.entrySet().stream()
            .allMatch(
                asked ->
                    asked.getValue().stream()
                        .allMatch(
                            value ->
                                found.stream()
                                    .map(row -> row.parameters().get(asked.getKey()))
                                    .anyMatch(value::equals)));
  }

  private Interval taken(List<Interval> numbers) {
    if (take == Take.SPREAD) { // nothing says which fork of one row goes with which of another
      return Interval.exact(taken(numbers, Interval::middle));
    }
    return new Interval(
        taken(numbers, Interval::low),
        taken(numbers, Interval::middle),
        taken(numbers, Interval::high));
  }

  private double taken(List<Interval> numbers, ToDoubleFunction<Interval> part) {
    return take.of(numbers.stream().mapToDouble(part).boxed().toList());
  }

  private List<Interval> slopes(Map<Evidence, Interval> values) {
    Map<SortedMap<String, String>, List<Map.Entry<Double, Double>>> lines = new LinkedHashMap<>();
    values.forEach(
        (row, value) -> {
          SortedMap<String, String> rest = new TreeMap<>(row.parameters());
          String at = rest.remove(along);
          if (at != null && at.matches("[0-9]{1,12}")) {
            lines
                .computeIfAbsent(rest, line -> new ArrayList<>())
                .add(Map.entry(Math.log(Double.parseDouble(at)), Math.log(value.middle())));
          }
        });
    return lines.values().stream()
        .filter(points -> points.stream().map(Map.Entry::getKey).distinct().count() >= TREND)
        .map(points -> Interval.exact(slope(points)))
        .toList();
  }

  /** By least squares. */
  private static double slope(List<Map.Entry<Double, Double>> points) {
    double meanX = points.stream().mapToDouble(Map.Entry::getKey).average().orElseThrow();
    double meanY = points.stream().mapToDouble(Map.Entry::getValue).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    for (Map.Entry<Double, Double> point : points) {
      xy += (point.getKey() - meanX) * (point.getValue() - meanY);
      xx += (point.getKey() - meanX) * (point.getKey() - meanX);
    }
    return xy / xx;
  }

  private List<String> lacks() {
    String own = "rows of " + rows;
    return over == null || over.rows() == null
        ? List.of(own)
        : List.of(own, "rows of " + over.rows());
  }

  /** The rows it is read from, for example {@code Shard.tensor degree=2 phase=decode}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(rows);
    where.forEach(
        (name, values) ->
            text.append(' ').append(name).append('=').append(String.join(",", values)));
    return text + (label == null ? "" : " " + label) + (over == null ? "" : " and " + over);
  }
}
