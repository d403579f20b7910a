package dev.shardmark.kernels.kvcache;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.ReferenceBf16;

/** Tells whether a sequence holds what was appended to it. */
public final class KvAppendCheck {
  private KvAppendCheck() {}

  /** 0 if the tokens from {@code first} on are K and V, rounded as stored; infinity otherwise. */
  public static double worst(KvSequence sequence, int first, Matrix k, Matrix v) {
    KvPool pool = sequence.pool();
    KvAppend.checkShapes(pool, k, v);
    if (sequence.tokens() != first + k.rows()) {
      return Double.POSITIVE_INFINITY;
    }
    Matrix keys = Matrix.zeros(k.rows(), k.cols());
    Matrix values = Matrix.zeros(k.rows(), k.cols());
    Expected wantedKeys = Expected.zeros(k.rows(), k.cols());
    Expected wantedValues = Expected.zeros(k.rows(), k.cols());
    for (int t = 0; t < k.rows(); t++) {
      for (int j = 0; j < k.cols(); j++) {
        int h = j / pool.headDim();
        int d = j % pool.headDim();
        int at = keys.offset() + t * keys.rowStride() + j;
        keys.data()[at] = sequence.keyAt(first + t, h, d);
        values.data()[at] = sequence.valueAt(first + t, h, d);
        wantedKeys.set(t * k.cols() + j, stored(pool, k.at(t, j)), 0);
        wantedValues.set(t * k.cols() + j, stored(pool, v.at(t, j)), 0);
      }
    }
    return Math.max(wantedKeys.worst(keys), wantedValues.worst(values));
  }

  private static float stored(KvPool pool, float x) {
    return pool.storage() == KvStorage.BF16 ? ReferenceBf16.round(x) : x;
  }
}
