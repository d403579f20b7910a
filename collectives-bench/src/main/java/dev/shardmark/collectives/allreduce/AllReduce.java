package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code buffer[r][i] = x[0][i] op x[1][i] op ... op x[p-1][i]}, in place, for
 * every rank r.
 *
 * <p><b>Shapes</b> n elements on each of p ranks, at {@code [offset, offset + length)}.
 *
 * <p><b>Edge cases</b> those of {@link Communicator}, through which it is called: with one rank or
 * no element it is not called at all.
 *
 * <p><b>Error</b> each element is combined p - 1 times: for sums, {@code |result - exact| <= g(p -
 * 1) * (|x[0]| + ... + |x[p-1]|)} with u = 2^-24 and g(r) = r u / (1 - r u); N. J. Higham, Accuracy
 * and Stability of Numerical Algorithms, 2nd ed., section 4.2; for bf16 u = 2^-8, since each
 * combination is rounded. All ranks end with identical bits.
 *
 * <p><b>Work</b> n (p - 1) flop over all ranks; at least 2 p n elements loaded and stored.
 *
 * <p><b>Threading</b> stateless; called once by each rank, on its own thread.
 *
 * <p><b>Source</b> each algorithm names its own.
 */
public interface AllReduce extends Algorithm {
  /** Called by every rank with at least two ranks and one element. */
  void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op);

  /** Out of place, or in place if in and out are the same elements. */
  default void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    if (in != out || inAt != outAt) {
      out.copy(outAt, in, inAt, length);
    }
    run(rank, out, outAt, length, op);
  }

  /** What one call moves among {@code ranks} ranks with {@code length} elements each. */
  Traffic traffic(int ranks, int length);

  /** The least there can be: each element is combined p - 1 times, and the ranks share them. */
  @Override
  default long combined(int ranks, int length) {
    return (ranks - 1L) * Math.ceilDiv(length, ranks);
  }

  /** busbw over algbw: at least 2 (p - 1) / p of a vector must enter and leave a rank. */
  static double busFactor(int ranks) {
    return 2.0 * (ranks - 1) / ranks;
  }
}
