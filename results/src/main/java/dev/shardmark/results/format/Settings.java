package dev.shardmark.results.format;

import java.util.List;
import java.util.Objects;

/**
 * How a row was timed. Rows compare only where these agree.
 *
 * @param forks fresh JVMs, each one sample
 * @param warmups discarded iterations per fork
 * @param iterations kept iterations per fork
 * @param iterationMs least length of one iteration; a longer operation runs once
 * @param jvmFlags flags of the forked JVM
 */
public record Settings(
    int forks, int warmups, int iterations, int iterationMs, List<String> jvmFlags) {
  public Settings {
    Objects.requireNonNull(jvmFlags, "jvmFlags");
    jvmFlags = List.copyOf(jvmFlags);
    if (forks < 0 || warmups < 0 || iterations < 0 || iterationMs < 0) {
      throw new IllegalArgumentException(
          "settings must not be negative: forks="
              + forks
              + " warmups="
              + warmups
              + " iterations="
              + iterations
              + " iterationMs="
              + iterationMs);
    }
  }

  /** The same, in another number of forks. */
  public Settings withForks(int forks) {
    return new Settings(forks, warmups, iterations, iterationMs, jvmFlags);
  }
}
