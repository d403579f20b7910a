package dev.shardmark.results.format;

import java.util.Objects;

/**
 * A verification every fork did before it was timed.
 *
 * @param name what was verified
 * @param worst largest error over allowed error seen in any fork; the check passed when at most 1
 */
public record Check(String name, double worst) {
  public Check {
    Objects.requireNonNull(name, "name");
  }

  /** Whether the result was within its bound; NaN was not. */
  public boolean passed() {
    return worst <= 1;
  }
}
