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

  /** For example {@code 1K} or {@code 16M in place}. */
  static String name(long bytes, boolean inPlace) {
    int power = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes), 29) / 10;
    return (bytes >> 10 * power)
        + switch (power) {
          case 0 -> "";
          case 1 -> "K";
          default -> "M";
        }
        + (inPlace ? " in place" : "");
  }

  String name() {
    return name(bytes, inPlace);
  }
}
