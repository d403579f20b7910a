package dev.shardmark.results.claims;

import dev.shardmark.results.unit.Quantity;
import java.util.List;
import java.util.Objects;

/**
 * A figure and the bounds within which a claim holds.
 *
 * @param when in which case, in words that can follow {@code if}
 * @param atLeast null without a lower bound
 * @param atMost null without an upper bound
 * @param unit of the figure, null for a ratio
 * @throws IllegalArgumentException if there is no bound, or none can be met
 */
public record Case(String when, Figure figure, Double atLeast, Double atMost, String unit) {
  private static final String RATIO = "x";

  public Case {
    Objects.requireNonNull(when, "when");
    Objects.requireNonNull(figure, "figure");
    if (atLeast == null && atMost == null
        || atLeast != null && atMost != null && atLeast > atMost) {
      throw new IllegalArgumentException(
          "a case must have a bound that can be met: atLeast=" + atLeast + " atMost=" + atMost);
    }
    unit = unit == null ? RATIO : unit;
  }

  Outcome judge(Sources sources) {
    Finding finding = figure.of(sources);
    Interval found = finding.figure();
    if (found == null) {
      return new Outcome(this, finding, Outcome.State.UNDECIDED, finding.lacks());
    }
    int side = side(found.middle());
    if (side(found.low()) != side || side(found.high()) != side) {
      return new Outcome(
          this, finding, Outcome.State.UNDECIDED, List.of("forks that agree, not " + text(found)));
    }
    Outcome.State state = side == 0 ? Outcome.State.HELD : Outcome.State.FAILED;
    return new Outcome(this, finding, state, List.of());
  }

  /** Below the bounds, within them or above. */
  private int side(double value) {
    if (atLeast != null && value < atLeast) {
      return -1;
    }
    return atMost != null && value > atMost ? 1 : 0;
  }

  /** For example {@code 1.87x (1.83 to 1.91), at least 1.85}. */
  String text(Interval found) {
    String low = Quantity.number(found.low());
    String high = Quantity.number(found.high());
    return figure(found.middle())
        + (low.equals(high) ? "" : " (" + low + " to " + high + ")")
        + (atLeast == null ? "" : ", at least " + Quantity.number(atLeast))
        + (atMost == null ? "" : ", at most " + Quantity.number(atMost));
  }

  private String figure(double value) {
    return Quantity.number(value) + (unit.equals(RATIO) || unit.isEmpty() ? "" : " ") + unit;
  }
}
