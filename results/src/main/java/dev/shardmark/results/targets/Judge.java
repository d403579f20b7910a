package dev.shardmark.results.targets;

import dev.shardmark.results.format.Run;
import java.util.List;

/** Holds the rows of a run against targets. */
public final class Judge {
  private final RunRows rows;

  /** Of this run, in which rows have these names. */
  public Judge(Run run, RowNames names) {
    rows = new RunRows(run, names);
  }

  public List<TargetResult> judge(List<TargetRows> targets) {
    return targets.stream()
        .map(
            asked ->
                new TargetResult(
                    asked.target(),
                    asked.rows().stream().map(row -> judge(asked.target(), row)).toList()))
        .toList();
  }

  private Judgement judge(Target target, TargetRow row) {
    Reading own = rows.reading(row, target.against().rate());
    return own.sound()
        ? target.against().judge(row, own.perSecond(), target.atLeast(), rows)
        : Judgement.notMeasured(row, own.fault());
  }
}
