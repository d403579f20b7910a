package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.VectorExp;

/**
 * {@link Softmax} in two passes over a row: the maximum so far and the sum relative to it, block by
 * block; then quotients. Two exponentials an element, but X is read twice and Y written once, where
 * three passes also read Y back and write it again.
 *
 * <p><b>Source</b> M. Milakov and N. Gimelshein, Online normalizer calculation for softmax, arXiv
 * 1805.02867, algorithm 3, a block of elements at a time.
 */
public final class OnlineVectorSoftmax extends RowwiseSoftmax {
  /** Elements of a block: 2 KiB of X, which is read from L1 when its maximum is known. */
  private static final int BLOCK = 512;

  private final PowerSum powerSum = new PowerSum();
  private final float[] lanes = new float[LANES];

  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    sum(scale, x, xAt, n);
    float inverse = inverse();
    for (int j = 0; j < n; j += BLOCK) {
      int length = Math.min(BLOCK, n - j);
      VectorExp.row(scale, x, xAt + j, largest, y, yAt + j, length, lanes);
      ThreePassVectorSoftmax.multiply(y, yAt + j, length, inverse);
    }
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    float m = -Float.MAX_VALUE; // finite: -infinity - -infinity would be NaN
    float s = 0;
    for (int j = 0; j < n; j += BLOCK) {
      int length = Math.min(BLOCK, n - j);
      float now = Math.max(m, RowMaximum.vector(scale, x, xAt + j, length));
      s = s * VectorExp.exp(m - now) + powerSum.of(scale, x, xAt + j, length, now);
      m = now;
    }
    largest = m;
    sum = s;
  }
}
