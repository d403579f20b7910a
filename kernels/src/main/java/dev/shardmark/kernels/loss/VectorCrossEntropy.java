package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.softmax.PowerSum;
import dev.shardmark.kernels.softmax.RowMaximum;

/** {@link CrossEntropy} with the Vector API: the first two of softmax's three passes. */
public final class VectorCrossEntropy extends RowwiseCrossEntropy {
  private final PowerSum powerSum = new PowerSum();

  @Override
  float largest(float[] x, int at, int n) {
    return RowMaximum.vector(1, x, at, n);
  }

  @Override
  float sum(float[] x, int at, int n, float largest) {
    return powerSum.of(1, x, at, n, largest);
  }
}
