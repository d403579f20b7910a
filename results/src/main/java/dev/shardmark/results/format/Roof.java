package dev.shardmark.results.format;

import java.util.Objects;

/**
 * A ceiling of the machine, measured in the same run as the rows it is compared with.
 *
 * @param loop the loop that found it: {@code fma}, {@code read}, {@code copy} or {@code triad}
 * @param level the memory level it streams from ({@code L1}, {@code L2}, {@code L3}, {@code DRAM}),
 *     null for a loop that stays in registers
 * @param cores cores that ran it together; the value is their sum
 * @param value of the best fork, since a disturbed one shows no ceiling
 * @param unit {@code GFLOP/s} or {@code GB/s}
 */
public record Roof(String loop, String level, int cores, double value, String unit) {
  /** Unit of a compute roof. */
  public static final String GFLOPS = "GFLOP/s";

  /** Unit of a bandwidth roof, 1 GB = 1e9 bytes. */
  public static final String GBS = "GB/s";

  public Roof {
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(unit, "unit");
    Finite.positive(value, "value");
    if (cores < 1) {
      throw new IllegalArgumentException("a roof needs a core: cores=" + cores);
    }
  }
}
