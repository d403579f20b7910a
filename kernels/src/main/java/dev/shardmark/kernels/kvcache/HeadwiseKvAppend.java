package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.Matrix;

/** {@link KvAppend} a head of a token at a time, since only that is in a row on both sides. */
abstract class HeadwiseKvAppend implements KvAppend {
  @Override
  public final void append(KvSequence sequence, Matrix k, Matrix v) {
    KvPool pool = sequence.pool();
    KvAppend.checkShapes(pool, k, v);
    int first = sequence.extend(k.rows());
    int dim = pool.headDim();
    for (int t = 0; t < k.rows(); t++) {
      for (int h = 0; h < pool.kvHeads(); h++) {
        int kAt = k.offset() + t * k.rowStride() + h * dim;
        int vAt = v.offset() + t * v.rowStride() + h * dim;
        int at = sequence.index(first + t, h);
        if (pool.storage() == KvStorage.BF16) {
          round(k.data(), kAt, pool.bf16Keys(), at, dim);
          round(v.data(), vAt, pool.bf16Values(), at, dim);
        } else {
          System.arraycopy(k.data(), kAt, pool.keys(), at, dim);
          System.arraycopy(v.data(), vAt, pool.values(), at, dim);
        }
      }
    }
  }

  /** Rounds {@code count} elements to bf16. */
  abstract void round(float[] x, int from, short[] to, int at, int count);
}
