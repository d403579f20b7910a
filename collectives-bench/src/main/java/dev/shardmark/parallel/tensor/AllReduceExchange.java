package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.TokenExchange;

/**
 * {@link TokenExchange} of plain tensor parallelism: all ranks keep all tokens, and add up their
 * partial sums by one all-reduce.
 *
 * <p><b>Cost</b> an all-reduce of T h elements for each sublayer: {@link #sentBytes}, {@link
 * #totalBytes}.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
public final class AllReduceExchange implements TokenExchange {
  private final Communicator tensor;

  public AllReduceExchange(Communicator tensor) {
    this.tensor = tensor;
  }

  @Override
  public int gathered(int kept) {
    return kept;
  }

  @Override
  public Matrix enter(Matrix kept) {
    return kept;
  }

  @Override
  public void leave(Matrix partial, Matrix kept) {
    tensor.allReduce(
        partial.data(),
        partial.offset(),
        kept.data(),
        kept.offset(),
        kept.rows() * kept.cols(),
        ReduceOp.SUM);
  }

  /** Bytes that a rank sends for one sublayer, with these algorithms. */
  public static long sentBytes(Algorithms algorithms, int ranks, int rank, int tokens, int hidden) {
    int length = Math.multiplyExact(tokens, hidden);
    return algorithms.allReduce().traffic(ranks, length).sentBytes().get(rank);
  }

  /**
   * Bytes that all ranks together send for one sublayer, 2 (t - 1) times those of the tokens, by
   * algorithms that send no more than they must: a rank's t-th of it is 2 (t - 1) / t T h w, and
   * twice that for a layer.
   */
  public static long totalBytes(int ranks, int tokens, int hidden) {
    return 2L * (ranks - 1) * tokens * hidden * Float.BYTES;
  }
}
