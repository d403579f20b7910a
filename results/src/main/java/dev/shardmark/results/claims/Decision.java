package dev.shardmark.results.claims;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is known about one claim.
 *
 * @param reason what is missing, of an undecided claim, or where to look, of one that cannot be
 *     measured; empty otherwise
 * @param outcomes of its cases, in order
 */
public record Decision(Claim claim, Verdict verdict, String reason, List<Outcome> outcomes) {
  public Decision {
    outcomes = List.copyOf(outcomes);
  }

  /** Under what the claim holds, or why nothing is known; empty where the verdict says it all. */
  public String condition() {
    return verdict == Verdict.HOLDS_IF
        ? outcomes.stream()
            .filter(outcome -> outcome.state() == Outcome.State.HELD)
            .map(outcome -> outcome.test().when())
            .collect(Collectors.joining("; or "))
        : reason;
  }

  /** What the figures come from, each once. */
  public List<Evidence> evidence() {
    return outcomes.stream().flatMap(o -> o.finding().evidence().stream()).distinct().toList();
  }
}
