package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code out[r][i] = x[0][c + i] op x[1][c + i] op ... op x[p-1][c + i]}, where c
 * is the start of chunk r of {@link dev.shardmark.collectives.Chunks}.
 *
 * <p><b>Shapes</b> n elements in on each of p ranks, at {@code [inAt, inAt + length)}; chunk r out,
 * from {@code outAt} on.
 *
 * <p><b>Edge cases</b> n below p leaves some ranks without an element. In place: out may be chunk r
 * of in. Nothing else of in is changed.
 *
 * <p><b>Error</b> that of {@link dev.shardmark.collectives.allreduce.AllReduce}.
 *
 * <p><b>Work</b> n (p - 1) flop over all ranks; at least (p + 1) n elements loaded and stored.
 */
public interface ReduceScatter extends Algorithm {
  /** Called by every rank with at least two ranks and one element. */
  void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op);

  /** What one call moves among {@code ranks} ranks with {@code length} fp32 elements each. */
  Traffic traffic(int ranks, int length);

  /** The least there can be: each element is combined p - 1 times, and the ranks share them. */
  @Override
  default long combined(int ranks, int length) {
    return (ranks - 1L) * Math.ceilDiv(length, ranks);
  }

  /** busbw over algbw: (p - 1) / p of a vector must leave a rank. */
  static double busFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }
}
