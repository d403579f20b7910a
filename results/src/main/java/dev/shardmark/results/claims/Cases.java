package dev.shardmark.results.claims;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A claim holds where the figures of its cases are within their bounds.
 *
 * @param cases at least one
 * @param absolute whether the claim is worded without exception, so that one case refutes it; null
 *     for no
 * @param command what measures the rows it needs; null where configurations are enough
 */
public record Cases(List<Case> cases, Boolean absolute, String command) implements Rule {
  public Cases {
    cases = List.copyOf(Objects.requireNonNull(cases, "cases"));
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("a rule must have a case: cases=[]");
    }
    absolute = absolute != null && absolute;
  }

  @Override
  public Decision decide(Claim claim, Sources sources) {
    List<Outcome> outcomes = cases.stream().map(one -> one.judge(sources)).toList();
    long held = count(outcomes, Outcome.State.HELD);
    long failed = count(outcomes, Outcome.State.FAILED);
    Verdict verdict;
    if (absolute && failed > 0) {
      verdict = Verdict.DOES_NOT_HOLD;
    } else if (held + failed < outcomes.size()) {
      return new Decision(claim, Verdict.UNDECIDED, needs(outcomes), outcomes);
    } else if (held == 0) {
      verdict = Verdict.DOES_NOT_HOLD;
    } else {
      verdict = failed == 0 ? Verdict.HOLDS : Verdict.HOLDS_IF;
    }
    return new Decision(claim, verdict, "", outcomes);
  }

  private static long count(List<Outcome> outcomes, Outcome.State state) {
    return outcomes.stream().filter(outcome -> outcome.state() == state).count();
  }

  private String needs(List<Outcome> outcomes) {
    Set<String> needs = new LinkedHashSet<>();
    outcomes.stream()
        .filter(outcome -> outcome.state() == Outcome.State.UNDECIDED)
        .forEach(outcome -> needs.addAll(outcome.lacks()));
    return "needs " + String.join(", ", needs) + (command == null ? "" : " (" + command + ")");
  }
}
