package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code out[r] = x[0], x[1], ..., x[p-1]} on every rank r, one behind the other.
 *
 * <p><b>Shapes</b> n elements out on each of p ranks, at {@code [outAt, outAt + length)}; chunk r
 * of {@link dev.shardmark.collectives.Chunks} of them in, from {@code inAt} on.
 *
 * <p><b>Edge cases</b> n below p leaves some ranks without an element. In place: in may be chunk r
 * of out.
 *
 * <p><b>Work</b> at least p n elements stored and n loaded.
 */
public interface AllGather extends Algorithm {
  /** Called by every rank with at least two ranks and one element. */
  void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length);

  /** What one call moves among {@code ranks} ranks with {@code length} fp32 elements out. */
  Traffic traffic(int ranks, int length);

  /** busbw over algbw: (p - 1) / p of a vector must enter a rank. */
  static double busFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }
}
