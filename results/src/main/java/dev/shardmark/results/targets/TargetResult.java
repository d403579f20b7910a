package dev.shardmark.results.targets;

import java.util.List;

/** What a run says about a target: of all its rows together. */
public record TargetResult(Target target, List<Judgement> rows) {
  public TargetResult {
    rows = List.copyOf(rows);
  }

  /** The same in words. */
  public Outcome outcome() {
    return new Outcome(target.what(), target.goal(), rows.stream().map(this::line).toList());
  }

  private Outcome.Line line(Judgement row) {
    return new Outcome.Line(
        target.difference(row.row()),
        row.figure() / target.atLeast(),
        row.hasFigure() ? target.against().text(row.figure()) : "-",
        row.detail(),
        row.verdict(),
        row.reason());
  }
}
