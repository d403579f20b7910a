package dev.shardmark.kernels.softmax;

/**
 * {@link Softmax} in plain Java with {@link Math#exp}: maximum, powers and their sum, quotients.
 */
public final class ScalarSoftmax extends RowwiseSoftmax {
  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    float m = RowMaximum.scalar(scale, x, xAt, n);
    float s = 0;
    for (int j = 0; j < n; j++) {
      float e = (float) Math.exp(x[xAt + j] * scale - m);
      y[yAt + j] = e;
      s += e;
    }
    largest = m;
    sum = s;
    float inverse = inverse();
    for (int j = 0; j < n; j++) {
      y[yAt + j] *= inverse;
    }
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    largest = RowMaximum.scalar(scale, x, xAt, n);
    sum = PowerSum.scalar(scale, x, xAt, n, largest);
  }
}
