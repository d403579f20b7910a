package dev.shardmark.results.format;

import java.util.Objects;

/**
 * What one operation of a row must do at least, all cores together.
 *
 * @param flop floating-point operations; an FMA counts 2
 * @param bytes compulsory bytes of memory traffic
 * @param level the memory level these bytes come from: {@code L1}, {@code L2}, {@code L3} or {@code
 *     DRAM}
 * @param cores cores that work on it
 * @param sentBytes bytes one rank sends to others, 0 where there is nobody to talk to
 */
public record Workload(long flop, long bytes, String level, int cores, long sentBytes) {
  public Workload {
    Objects.requireNonNull(level, "level");
    if (flop < 0 || bytes < 0 || sentBytes < 0 || cores < 1) {
      throw new IllegalArgumentException(
          "work must not be negative and needs a core: flop="
              + flop
              + " bytes="
              + bytes
              + " sentBytes="
              + sentBytes
              + " cores="
              + cores);
    }
  }
}
