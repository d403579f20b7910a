package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.model.Linear;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import dev.shardmark.parallel.Tokens;

/** What a rank's layer is made of. Wrong layers make one of these another. */
class Parts {
  Tokens tokens(Tokens right) {
    return right;
  }

  AttentionWeights attention(TensorShard shard, LayerWeightSource weights) {
    return AttentionWeights.of(shard, weights);
  }

  Matrix gateUp(TensorShard shard, LayerWeightSource weights) {
    return shard.gateUp(weights, Linear.GATE_UP);
  }

  AttentionCore core(AttentionCore right, TensorShard shard, Variant variant) {
    return right;
  }

  TokenExchange exchange(TokenExchange right, Communicator tensor) {
    return right;
  }

  /**
   * @param x the residual stream of the rank
   */
  Sublayer mlp(Sublayer right, Matrix x, int ranks) {
    return right;
  }
}
