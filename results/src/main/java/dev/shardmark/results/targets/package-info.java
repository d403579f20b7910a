/**
 * Performance targets and what a run says about them. {@link
 * dev.shardmark.results.targets.TargetsJson} reads a file of targets; a {@link
 * dev.shardmark.results.targets.Target} sets rows against a {@link
 * dev.shardmark.results.targets.Yardstick}; {@link dev.shardmark.results.targets.Judge} gives a
 * {@link dev.shardmark.results.targets.Judgement} a row, and {@link
 * dev.shardmark.results.targets.TargetTable} writes them for people.
 *
 * <p>Rates are medians over forks. A row with fewer than five forks, without a passed check or
 * without what it is compared with is never met and never missed: it was not measured.
 */
package dev.shardmark.results.targets;
