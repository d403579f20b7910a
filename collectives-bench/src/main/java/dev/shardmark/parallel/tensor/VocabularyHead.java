package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Projection;
import dev.shardmark.parallel.TokenBuffer;
import dev.shardmark.parallel.TokenExchange;

/**
 * From hidden to the logits of this rank's ids: a linear split by columns, which no sum follows.
 *
 * <p><b>Cost</b> what the {@link TokenExchange} says before a sublayer: nothing, or with sequence
 * parallelism an all-gather of T h elements. 2 h V / t flop a token.
 */
public final class VocabularyHead {
  private final TokenExchange exchange;
  private final Projection projection;
  private final TokenBuffer logits;

  /**
   * A head.
   *
   * @param columns (h, ids of this rank)
   */
  public VocabularyHead(Matrix columns, TokenExchange exchange, Variant variant, Meter meter) {
    this.exchange = exchange;
    projection = new Projection(LayerOperation.LM_HEAD, columns, variant, meter);
    logits = new TokenBuffer(columns.cols());
  }

  /** The logits of all tokens of the ranks for this rank's ids, valid until the next call. */
  public Matrix logits(Matrix kept) {
    Matrix tokens = exchange.enter(kept);
    Matrix y = logits.rows(tokens.rows());
    projection.apply(tokens, y);
    return y;
  }
}
