package dev.shardmark.parallel.sequence;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.TokenBuffer;
import dev.shardmark.parallel.TokenExchange;

/**
 * {@link TokenExchange} of sequence parallelism: rank r keeps the r-th t-th of the tokens, has all
 * of them gathered before linears, and its own left of the sum behind them.
 *
 * <p><b>Edge cases</b> all ranks keep equally many tokens: {@link #kept}.
 *
 * <p><b>Cost</b> an all-gather and a reduce-scatter of T h elements for each sublayer: {@link
 * #sentBytes}. Beside the tokens it keeps, a rank has room for all.
 *
 * <p><b>Source</b> V. Korthikanti et al., arXiv 2205.05198, 2022, section 4.2.2.
 */
public final class ScatterExchange implements TokenExchange {
  private final Communicator tensor;
  private final TokenBuffer all;

  public ScatterExchange(Communicator tensor, int hidden) {
    this.tensor = tensor;
    all = new TokenBuffer(hidden);
  }

  /**
   * Tokens a rank keeps of so many.
   *
   * @throws IllegalArgumentException if they do not divide
   */
  public static int kept(int tokens, int ranks) {
    if (tokens % ranks != 0) {
      throw new IllegalArgumentException(
          "tensor degree must divide the tokens that it splits: tensor="
              + ranks
              + " tokens="
              + tokens);
    }
    return tokens / ranks;
  }

  @Override
  public int gathered(int kept) {
    return Math.multiplyExact(kept, tensor.size());
  }

  @Override
  public Matrix enter(Matrix kept) {
    Matrix gathered = all.rows(gathered(kept.rows()));
    tensor.allGather(
        kept.data(), kept.offset(), gathered.data(), gathered.offset(), length(gathered));
    return gathered;
  }

  @Override
  public void leave(Matrix partial, Matrix kept) {
    tensor.reduceScatter(
        partial.data(),
        partial.offset(),
        kept.data(),
        kept.offset(),
        length(partial),
        ReduceOp.SUM);
  }

  private static int length(Matrix m) {
    return Math.multiplyExact(m.rows(), m.cols());
  }

  /**
   * Bytes that a rank sends for one sublayer of so many tokens, all ranks' together, with these
   * algorithms. All ranks together send what they do for {@link
   * dev.shardmark.parallel.tensor.AllReduceExchange}.
   */
  public static long sentBytes(Algorithms algorithms, int ranks, int rank, int tokens, int hidden) {
    int length = Math.multiplyExact(kept(tokens, ranks) * ranks, hidden);
    return algorithms.allGather().traffic(ranks, length).sentBytes().get(rank)
        + algorithms.reduceScatter().traffic(ranks, length).sentBytes().get(rank);
  }
}
