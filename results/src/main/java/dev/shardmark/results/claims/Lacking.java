package dev.shardmark.results.claims;

import java.util.List;
import java.util.Objects;

/**
 * No rule can be written yet.
 *
 * @param lacks what the project does not have, for example {@code a backward pass}
 */
public record Lacking(String lacks) implements Rule {
  public Lacking {
    Objects.requireNonNull(lacks, "lacks");
  }

  @Override
  public Decision decide(Claim claim, Sources sources) {
    return new Decision(claim, Verdict.UNDECIDED, "needs " + lacks, List.of());
  }
}
