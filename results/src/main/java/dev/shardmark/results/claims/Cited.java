package dev.shardmark.results.claims;

import java.util.List;
import java.util.Objects;

/**
 * Beyond what running kernels can show.
 *
 * @param cited where others looked
 */
public record Cited(String cited) implements Rule {
  public Cited {
    Objects.requireNonNull(cited, "cited");
  }

  @Override
  public Decision decide(Claim claim, Sources sources) {
    return new Decision(claim, Verdict.NOT_MEASURABLE, "see " + cited, List.of());
  }
}
