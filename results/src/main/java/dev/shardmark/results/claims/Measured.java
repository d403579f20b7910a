package dev.shardmark.results.claims;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** A row of a run. */
public record Measured(Row row) implements Evidence {
  /** The value a row is read for where a rule names none. */
  private static final String MAIN = RowValues.TIME;

  public Measured {
    Objects.requireNonNull(row, "row");
  }

  @Override
  public String source() {
    return row.benchmark();
  }

  @Override
  public SortedMap<String, String> parameters() {
    return row.parameters();
  }

  @Override
  public Label label() {
    return row.label();
  }

  @Override
  public String name() {
    return row.name();
  }

  @Override
  public Interval value(String value) {
    if (!row.ok()) {
      throw new IllegalArgumentException("the row failed: " + row.failure());
    }
    if (row.checks().isEmpty() || !row.checks().stream().allMatch(Check::passed)) {
      throw new IllegalArgumentException(
          row.checks().isEmpty() ? "nothing checked its result" : "its check failed");
    }
    String name = value == null ? MAIN : value;
    List<Double> forks = new RowValues(row).forks(name);
    if (forks.isEmpty()) {
      throw new IllegalArgumentException("the row has no " + name);
    }
    return Interval.of(forks);
  }
}
