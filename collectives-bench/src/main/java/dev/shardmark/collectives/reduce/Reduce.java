package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code buffer[root][i] = x[0][i] op x[1][i] op ... op x[p-1][i]}, in place at
 * the root; the buffers of the other ranks keep what they hold.
 *
 * <p><b>Shapes</b> n elements on each of p ranks, at {@code [offset, offset + length)}.
 *
 * <p><b>Edge cases, Error</b> those of {@link dev.shardmark.collectives.allreduce.AllReduce}.
 *
 * <p><b>Work</b> n (p - 1) flop over all ranks; at least (p + 1) n elements loaded and stored.
 */
public interface Reduce extends Algorithm {
  /** Called by every rank with at least two ranks and one element. */
  void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op, int root);

  /** The least there can be: each element is combined p - 1 times, and the ranks share them. */
  @Override
  default long combined(int ranks, int length) {
    return (ranks - 1L) * Math.ceilDiv(length, ranks);
  }

  /** What one call moves among {@code ranks} ranks with {@code length} fp32 elements each. */
  Traffic traffic(int ranks, int length, int root);
}
