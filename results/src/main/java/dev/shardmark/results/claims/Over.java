package dev.shardmark.results.claims;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.SortedCopy;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What the value of a row is divided by: that of another row, which agrees with it in every
 * parameter that both have, but for those named here.
 *
 * @param rows another source, null for the row's own
 * @param where parameters that differ, and what they are there
 * @param without parameters that need not agree
 * @param value another value, null for the figure's own
 * @throws IllegalArgumentException if nothing differs
 */
public record Over(
    String rows, SortedMap<String, String> where, List<String> without, String value) {
  public Over {
    where = where == null ? Collections.emptySortedMap() : SortedCopy.of(where, "where");
    without = without == null ? List.of() : List.copyOf(without);
    if (rows == null && where.isEmpty()) {
      throw new IllegalArgumentException("over must name another row: where={}");
    }
  }

  /** Whether a row's value is to be divided by that of {@code other}. */
  boolean matches(Evidence row, Evidence other) {
    return other.source().equals(rows == null ? row.source() : rows)
        && where.entrySet().stream()
            .allMatch(named -> named.getValue().equals(other.parameters().get(named.getKey())))
        && row.parameters().entrySet().stream()
            .filter(shared -> other.parameters().containsKey(shared.getKey()))
            .filter(shared -> !where.containsKey(shared.getKey()))
            .filter(shared -> !without.contains(shared.getKey()))
            .allMatch(shared -> shared.getValue().equals(other.parameters().get(shared.getKey())));
  }

  /** For example {@code Shard.tensor degree=1}. */
  @Override
  public String toString() {
    return Row.name(rows == null ? "the same" : rows, where);
  }
}
