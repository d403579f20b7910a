package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * An algorithm for {@code block s of out[r] = block r of in[s]}, for all ranks r and s.
 *
 * <p><b>Shapes</b> {@link Blocks}: on each rank, a block for every rank in and one from every rank
 * out, one behind the other. What s sends to r has as many elements as r expects from s; if not, r
 * throws {@link IllegalArgumentException}, which names both ranks and both lengths.
 *
 * <p><b>Edge cases</b> blocks may be empty. In and out do not overlap.
 *
 * <p><b>Work</b> every element loaded once and stored once.
 */
public interface AllToAll extends Algorithm {
  /** Called by every rank with at least two ranks. */
  void run(Rank rank, Blocks in, Blocks out);

  /**
   * What one call of {@link #run} moves. Its size is the most that a rank sends or receives, its
   * own block included, as in nccl-tests, src/alltoallv.cu.
   *
   * @param lengths fp32 elements by sender, then receiver
   */
  Traffic traffic(int[][] lengths);

  /** busbw over algbw: (p - 1) / p of what a rank has must leave it. */
  static double busFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }
}
