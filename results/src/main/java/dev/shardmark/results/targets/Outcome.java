package dev.shardmark.results.targets;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found about a target, in the words of a table.
 *
 * @param what a few words, at most {@link Target#MAX_WHAT} characters
 * @param goal for example {@code >= 93.0 % of fma}
 * @param rows what was measured, or was to be
 */
public record Outcome(String what, String goal, List<Line> rows) {
  public Outcome {
    rows = List.copyOf(rows);
  }

  /**
   * One row.
   *
   * @param name what tells it from the target's others; may be empty
   * @param margin 1 where the goal is just reached, less the further it is missed; NaN without a
   *     figure
   * @param figure rounded so that what is missed never looks met; {@code -} where there is none
   * @param detail what the figure comes from; may be empty
   * @param reason why there is no figure or no verdict; null where nothing is to be said
   */
  public record Line(
      String name, double margin, String figure, String detail, Verdict verdict, String reason) {}

  public Verdict verdict() {
    return Verdict.ofAll(rows.stream().map(Line::verdict).toList());
  }

  /** The row furthest from its goal; empty where none has a figure. */
  public Optional<Line> worst() {
    return rows.stream()
        .filter(row -> !Double.isNaN(row.margin()))
        .min(Comparator.comparingDouble(Line::margin));
  }

  /** How many rows have this verdict. */
  public long count(Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).count();
  }

  /** What is to be said about rows, each sentence once. */
  public List<String> reasons() {
    return rows.stream().map(Line::reason).filter(Objects::nonNull).distinct().toList();
  }
}
