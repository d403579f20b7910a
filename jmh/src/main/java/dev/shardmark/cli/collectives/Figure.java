package dev.shardmark.cli.collectives;

import java.util.List;

/**
 * What one side took for one collective of one size.
 *
 * @param op in the words of nccl-tests
 * @param bytes S as asked for; what is moved may be rounded down
 * @param algorithm that ran; null where a library chooses
 * @param rounds a sample a round, in turn with those of the side it is compared with
 * @param fault why there is none, if it failed or was wrong; else null
 */
public record Figure(
    Side side,
    String op,
    long bytes,
    boolean inPlace,
    String algorithm,
    List<Sample> rounds,
    String fault) {
  public Figure {
    rounds = List.copyOf(rounds);
  }

  /** For example {@code 1K} or {@code 16M in place}; empty for nothing. */
  static String name(long bytes, boolean inPlace) {
    if (bytes == 0) {
      return "";
    }
    int power = Math.min(Long.numberOfTrailingZeros(bytes), 29) / 10;
    String unit = power == 0 ? "" : power == 1 ? "K" : "M";
    return (bytes >> 10 * power) + unit + (inPlace ? " in place" : "");
  }
}
