package dev.shardmark.results.targets;

/** What rows that targets name are called in full. */
public interface RowNames {
  /**
   * Benchmark and all parameters, as {@link dev.shardmark.results.format.Row#name()} has them.
   *
   * @throws IllegalArgumentException one sentence, if there is no such benchmark or parameter
   */
  String name(TargetRow row);

  /** Why a run has no row of this name: one sentence that holds for rows of other sizes too. */
  String whyAbsent(TargetRow row);
}
