package dev.shardmark.results.claims;

import java.util.List;

/**
 * What became of one case.
 *
 * @param finding the figure, or why there is none
 * @param lacks what an undecided case needs, each in a few words; empty of one that is decided
 */
public record Outcome(Case test, Finding finding, State state, List<String> lacks) {
  /** Whether the figure is within the bounds of the case. */
  public enum State {
    HELD,
    FAILED,
    UNDECIDED
  }

  /** The figure and its bounds, for example {@code 2.68 GB, at most 2.7}; empty without one. */
  public String text() {
    return finding.figure() == null ? "" : test.text(finding.figure());
  }
}
