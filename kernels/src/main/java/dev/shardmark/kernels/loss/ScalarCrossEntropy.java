package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.softmax.PowerSum;
import dev.shardmark.kernels.softmax.RowMaximum;

/** {@link CrossEntropy} in plain Java with {@link Math#exp}. */
public final class ScalarCrossEntropy extends RowwiseCrossEntropy {
  @Override
  float largest(float[] x, int at, int n) {
    return RowMaximum.scalar(1, x, at, n);
  }

  @Override
  float sum(float[] x, int at, int n, float largest) {
    return PowerSum.scalar(1, x, at, n, largest);
  }
}
