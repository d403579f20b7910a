package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Traffic;
import java.util.function.IntBinaryOperator;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** {@link Traffic} of an all-to-all, from the lengths of its blocks by sender, then receiver. */
final class BlockTraffic {
  private BlockTraffic() {}

  /**
   * Traffic of fp32 elements; none if there is one rank.
   *
   * @param sentByRank elements, those included that say how long blocks are
   * @param passes how often an element of a block is loaded or stored, by sender and receiver
   */
  static Traffic of(
      int[][] lengths, int steps, IntToLongFunction sentByRank, IntBinaryOperator passes) {
    int p = lengths.length;
    long memory = 0;
    for (int from = 0; from < p; from++) {
      for (int to = 0; to < p; to++) {
        memory += (long) lengths[from][to] * passes.applyAsInt(from, to);
      }
    }
    boolean moves = p > 1;
    return new Traffic(
        moves ? steps : 0,
        Float.BYTES * IntStream.range(0, p).mapToLong(rank -> most(lengths, rank)).max().orElse(0),
        IntStream.range(0, p)
            .mapToObj(rank -> moves ? Float.BYTES * sentByRank.applyAsLong(rank) : 0)
            .toList(),
        moves ? Float.BYTES * memory : 0,
        AllToAll.busFactor(p));
  }

  /** Elements that a rank sends to others. */
  static long sent(int[][] lengths, int rank) {
    return IntStream.of(lengths[rank]).asLongStream().sum() - lengths[rank][rank];
  }

  /** Elements that a rank receives from others. */
  static long received(int[][] lengths, int rank) {
    return column(lengths, rank) - lengths[rank][rank];
  }

  private static long most(int[][] lengths, int rank) {
    return Math.max(IntStream.of(lengths[rank]).asLongStream().sum(), column(lengths, rank));
  }

  private static long column(int[][] lengths, int rank) {
    return IntStream.range(0, lengths.length).mapToLong(from -> lengths[from][rank]).sum();
  }
}
