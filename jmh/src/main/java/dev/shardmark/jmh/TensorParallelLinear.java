package dev.shardmark.jmh;

import dev.shardmark.kernels.Variant;
import dev.shardmark.model.Linear;
import dev.shardmark.model.LinearShape;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.ModelShard;
import dev.shardmark.model.Models;
import dev.shardmark.model.ShardPlan;
import java.util.List;

/**
 * One linear of one model, split over {@code tp} tensor-parallel ranks, from the text of benchmark
 * parameters.
 */
public record TensorParallelLinear(
    ModelShard shard, Linear linear, int tp, int tokens, boolean cold, Variant variant) {
  /** Whether weights come from memory or stay in a cache. */
  public static final List<String> WEIGHTS = List.of("cold", "warm");

  /**
   * Reads the parameters.
   *
   * @throws IllegalArgumentException one sentence, if one is unknown or the degree does not divide
   */
  public static TensorParallelLinear of(
      String model, String linear, int tp, int tokens, String weights, String variant) {
    ModelConfig config = Models.of(model);
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens must be at least 1: tokens=" + tokens);
    }
    if (!WEIGHTS.contains(weights)) {
      throw new IllegalArgumentException(
          "weights must be one of " + WEIGHTS + ": weights=" + weights);
    }
    return new TensorParallelLinear(
        config.shard(ShardPlan.UNSHARDED.withTensor(tp)),
        config.linear(linear),
        tp,
        tokens,
        weights.equals("cold"),
        Variant.of(variant));
  }

  /** The multiply of one rank; of one expert where the linear is an expert's. */
  public LinearShape shape() {
    return shard.shape(linear, tokens);
  }

  /** Elements all ranks must sum after it: rows x hidden for a row shard, otherwise 0. */
  public int allReduceElements() {
    return tp > 1 && linear.allReduces() ? Math.multiplyExact(shape().m(), shape().n()) : 0;
  }

  /** The shard of one rank, ready to run. */
  ShardedLinear newShard(int rank) {
    return new ShardedLinear(shape(), variant, cold, rank);
  }

  /** Bytes of the arrays one rank needs. */
  public long bytes() {
    return ShardedLinear.bytes(shape(), cold);
  }
}
