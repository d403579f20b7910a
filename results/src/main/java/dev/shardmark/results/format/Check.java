package dev.shardmark.results.format;

import java.util.Objects;

/**
 * A verification every fork did before it was timed.
 *
 * @param name what was verified
 * @param worst largest error over allowed error seen in any fork; the check passed when at most 1.
 *     Null when that was no finite number: NaN and infinity given here become null
 */
public record Check(String name, Double worst) {
  public Check {
    Objects.requireNonNull(name, "name");
    worst = worst == null || !Double.isFinite(worst) ? null : worst;
  }

  /** Whether the result was within its bound; a result that is no number was not. */
  public boolean passed() {
    return worst != null && worst <= 1;
  }
}
