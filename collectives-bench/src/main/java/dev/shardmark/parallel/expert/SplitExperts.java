package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;

/**
 * Experts split by the tensor axis: each rank has some columns of every one, {@link
 * ExpertWeights#columns}, and computes a partial sum of all tokens of the tensor ranks.
 *
 * <p><b>Cost</b> that of the exchange.
 */
public final class SplitExperts implements Sublayer {
  private final TokenExchange exchange;
  private final Sublayer experts;
  private final RowBuffer partial;

  /**
   * A sublayer of one rank.
   *
   * @param experts adds a partial sum, without saying anything to other ranks: an {@link
   *     ExpertSublayer} over a {@link LocalDispatch}
   */
  public SplitExperts(TokenExchange exchange, Sublayer experts, int hidden) {
    this.exchange = exchange;
    this.experts = experts;
    partial = new RowBuffer(hidden, 1);
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    Matrix sum = partial.rows(exchange.gathered(normed.rows()));
    experts.apply(exchange.enter(normed), sum);
    exchange.leave(sum, added);
  }
}
