package dev.shardmark.results.targets;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A target and those of its rows that are asked for. */
public record TargetRows(Target target, List<TargetRow> rows) {
  public TargetRows {
    rows = List.copyOf(rows);
  }

  /**
   * The targets whose words contain a match, and of the others the rows whose name contains one.
   *
   * @param filter regular expression, null for all
   * @throws IllegalArgumentException if it is no regular expression
   */
  public static List<TargetRows> matching(List<Target> targets, String filter) {
    Predicate<String> asked = pattern(filter).asPredicate();
    return targets.stream()
        .map(
            target ->
                new TargetRows(
                    target,
                    target.rows().stream()
                        .filter(row -> asked.test(target.what()) || asked.test(row.toString()))
                        .toList()))
        .filter(selected -> !selected.rows().isEmpty())
        .toList();
  }

  private static Pattern pattern(String filter) {
    try {
      return Pattern.compile(filter == null ? "" : filter);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "filter must be a regular expression: filter=" + filter, e);
    }
  }
}
