package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.kvcache.KvPool;
import dev.shardmark.kernels.kvcache.KvSequence;

/**
 * {@link CachedAttention} in plain Java: a query and head at a time, all its scores, their maximum,
 * then the weighted values; a key or a value is gathered into a row when it is needed.
 */
public final class ScalarCachedAttention implements CachedAttention {
  private float[] scores = new float[0];
  private float[] row = new float[0];

  @Override
  public void attendPart(
      float scale,
      boolean causal,
      Heads q,
      KvSequence cache,
      int from,
      int to,
      Heads o,
      Matrix lse) {
    CachedAttention.checkShapes(q, cache, from, to, o, lse);
    if (scores.length < to - from) {
      scores = new float[to - from];
    }
    if (row.length < q.headDim()) {
      row = new float[q.headDim()];
    }
    for (int i = 0; i < q.tokens(); i++) {
      int visible = Attention.visible(i, q.tokens(), cache.tokens(), causal);
      int seen = Math.clamp(visible - (long) from, 0, to - from);
      for (int h = 0; h < q.heads(); h++) {
        int kvHead = h / (q.heads() / cache.pool().kvHeads());
        float max = scores(scale, q, i, h, cache, kvHead, from, seen);
        float sum = weigh(max, cache, kvHead, from, seen, o.data(), o.index(i, h));
        lse.data()[lse.offset() + i * lse.rowStride() + h] =
            seen == 0 ? Float.NEGATIVE_INFINITY : (float) (max + Math.log(sum));
      }
    }
  }

  /** Computes the scores of one query and returns the largest. */
  private float scores(
      float scale, Heads q, int i, int h, KvSequence cache, int kvHead, int from, int seen) {
    int dim = q.headDim();
    int qAt = q.index(i, h);
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < seen; j++) {
      gatherKey(cache, from + j, kvHead);
      scores[j] = scale * ScalarAttention.dot(q.data(), qAt, row, 0, dim);
      max = Math.max(max, scores[j]);
    }
    return max;
  }

  /** Writes the weighted mean of the values and returns the sum of the weights. */
  private float weigh(
      float max, KvSequence cache, int kvHead, int from, int seen, float[] o, int oAt) {
    int dim = cache.pool().headDim();
    for (int d = 0; d < dim; d++) {
      o[oAt + d] = 0;
    }
    float sum = 0;
    for (int j = 0; j < seen; j++) {
      float weight = (float) Math.exp(scores[j] - max);
      sum += weight;
      gatherValue(cache, from + j, kvHead);
      ScalarAttention.axpy(weight, row, 0, o, oAt, dim);
    }
    float inverse = seen == 0 ? 0 : 1 / sum;
    for (int d = 0; d < dim; d++) {
      o[oAt + d] *= inverse;
    }
    return sum;
  }

  private void gatherKey(KvSequence cache, int token, int kvHead) {
    KvPool pool = cache.pool();
    int block = cache.block(token / pool.blockTokens());
    for (int d = 0; d < pool.headDim(); d++) {
      row[d] = pool.keyAt(block, kvHead, token % pool.blockTokens(), d);
    }
  }

  private void gatherValue(KvSequence cache, int token, int kvHead) {
    KvPool pool = cache.pool();
    int block = cache.block(token / pool.blockTokens());
    for (int d = 0; d < pool.headDim(); d++) {
      row[d] = pool.valueAt(block, kvHead, token % pool.blockTokens(), d);
    }
  }
}
