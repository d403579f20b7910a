package dev.shardmark.collectives;

import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * What one call of a collective moves, by formula.
 *
 * <p><b>Sent bytes</b> are payload that crosses from one rank to another, each crossing charged to
 * the rank that starts it: the sender of a message, or the rank that loads from, or stores to, the
 * buffer of another. <b>Memory bytes</b> are payload loaded and stored by all ranks together, when
 * a value is not fetched again while a core still works on it; caches may absorb part of them.
 *
 * <p>Bandwidths are in units of 1e9 bytes per second, as in nccl-tests, doc/PERFORMANCE.md.
 *
 * @param steps synchronisations one after another
 * @param sizeBytes S, the size that algbw divides by the time
 * @param sentBytes by rank
 * @param memoryBytes over all ranks
 * @param busFactor busbw over algbw: a property of the operation, not of the algorithm
 */
public record Traffic(
    int steps, long sizeBytes, List<Long> sentBytes, long memoryBytes, double busFactor) {
  public Traffic {
    sentBytes = List.copyOf(sentBytes);
  }

  /** Of fp32 elements; all 0 when there is one rank or no element, since nothing then moves. */
  public static Traffic ofElements(
      int ranks,
      int length,
      int steps,
      IntToLongFunction sentByRank,
      long memoryElements,
      double busFactor) {
    boolean moves = ranks > 1 && length > 0;
    return new Traffic(
        moves ? steps : 0,
        (long) Float.BYTES * length,
        IntStream.range(0, ranks)
            .mapToObj(rank -> moves ? Float.BYTES * sentByRank.applyAsLong(rank) : 0)
            .toList(),
        moves ? Float.BYTES * memoryElements : 0,
        busFactor);
  }

  /** Without what depends on the algorithm, for one that is not known. */
  public Traffic ofUnknownAlgorithm() {
    return new Traffic(0, sizeBytes, List.of(), 0, busFactor);
  }

  /** S over the time of one call. */
  public double algBwGBs(double timeNs) {
    return sizeBytes / timeNs;
  }

  /** Comparable with a link's peak, whatever the number of ranks. */
  public double busBwGBs(double timeNs) {
    return algBwGBs(timeNs) * busFactor;
  }

  /** Comparable with the memory roof of all cores together. */
  public double memoryGBs(double timeNs) {
    return memoryBytes / timeNs;
  }
}
