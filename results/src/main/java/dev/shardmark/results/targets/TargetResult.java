package dev.shardmark.results.targets;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a run says about a target: of all its rows together. */
public record TargetResult(Target target, List<Judgement> rows) {
  public TargetResult {
    rows = List.copyOf(rows);
  }

  /** Missed with one row that is missed; met with every row. */
  public Verdict verdict() {
    if (count(Verdict.MISSED) > 0) {
      return Verdict.MISSED;
    }
    return count(Verdict.NOT_MEASURED) > 0 ? Verdict.NOT_MEASURED : Verdict.MET;
  }

  /** The row with the least figure; empty where none has one. */
  public Optional<Judgement> worst() {
    return rows.stream()
        .filter(Judgement::hasFigure)
        .min(Comparator.comparingDouble(Judgement::figure));
  }

  /** How many rows have this verdict. */
  public long count(Verdict verdict) {
    return rows.stream().filter(row -> row.verdict() == verdict).count();
  }

  /** Why rows have no verdict, each reason once. */
  public List<String> reasons() {
    return rows.stream()
        .filter(row -> row.verdict() == Verdict.NOT_MEASURED)
        .map(Judgement::reason)
        .distinct()
        .toList();
  }
}
