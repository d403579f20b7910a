package dev.shardmark.parallel.tensor;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.parallel.LayerWeightSource;
import dev.shardmark.parallel.LayerWeightSource.Norm;

/**
 * What a rank has of the weights of attention.
 *
 * @param qkv (h, {@link TensorShard#qkvWidth})
 * @param o (heads d, h)
 * @param queryNorm (1, d); null without norms of heads
 * @param keyNorm (1, d); null without norms of heads
 */
public record AttentionWeights(Matrix qkv, Matrix o, Matrix queryNorm, Matrix keyNorm) {
  /** Those of a shard. */
  public static AttentionWeights of(TensorShard shard, LayerWeightSource weights) {
    boolean norms = shard.spec().headNorm();
    int d = shard.spec().headDim();
    return new AttentionWeights(
        shard.qkv(weights),
        shard.o(weights),
        norms ? weights.norm(Norm.QUERY, d) : null,
        norms ? weights.norm(Norm.KEY, d) : null);
  }
}
