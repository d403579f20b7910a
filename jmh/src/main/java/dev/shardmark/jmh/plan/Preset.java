package dev.shardmark.jmh.plan;

import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How long and how often rows are timed. */
public enum Preset {
  /** It runs and verifies; the figures mean nothing. */
  SMOKE(1, 3, 1, 50, 0),
  /** Orientation in minutes; three forks support no claim of significance. */
  QUICK(3, 5, 5, 50, 40),
  /** Enough forks to compare two builds. */
  GATE(5, 10, 5, 100, 200),
  /** Stored results and comparison of machines. */
  FULL(10, 5, 10, 500, 6000);

  private final int forks;
  private final int warmups;
  private final int iterations;
  private final int iterationMs;
  private final long forkGflop;

  Preset(int forks, int warmups, int iterations, int iterationMs, long forkGflop) {
    this.forks = forks;
    this.warmups = warmups;
    this.iterations = iterations;
    this.iterationMs = iterationMs;
    this.forkGflop = forkGflop;
  }

  /** The name on the command line. */
  public String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Fresh JVMs a row. */
  public int forks() {
    return forks;
  }

  /**
   * The preset of this name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static Preset of(String parameter) {
    return Arrays.stream(values())
        .filter(preset -> preset.parameter().equals(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "preset must be one of "
                        + Arrays.stream(values()).map(Preset::parameter).toList()
                        + ": preset="
                        + parameter));
  }

  /**
   * Settings for a row. One iteration holds at least one operation, so where operations are so long
   * that a fork would compute too much, it runs fewer iterations: at least one to warm up and two
   * to keep. Rows that keep several cores busy leave the compiler little time and warm up twice as
   * long.
   */
  public Settings settings(Workload work, List<String> jvmFlags) {
    int warm = work.cores() > 1 ? 2 * warmups : warmups;
    long operations = Math.max(3, forkGflop * 1_000_000_000 / Math.max(work.flop(), 1));
    if (this == SMOKE || operations >= warm + iterations) {
      return new Settings(forks, warm, iterations, iterationMs, jvmFlags);
    }
    int fewer = (int) Math.max(1, operations * warm / (warm + iterations));
    int kept = (int) Math.max(2, operations - fewer);
    return new Settings(forks, fewer, kept, iterationMs, jvmFlags);
  }
}
