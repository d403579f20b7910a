package dev.shardmark.kernels.softmax;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/**
 * What all ways have in common: rows, columns that take no part, logarithms.
 *
 * <p>No row needs a special case: where all z are -infinity, {@link #largest} is any finite number,
 * every e^t is 0 and so is {@link #sum}, and the inverse of a sum of 0 is taken to be 0.
 */
abstract class RowwiseSoftmax implements Softmax {
  /** m of the row last done. */
  float largest;

  /** S of the row last done. */
  float sum;

  /** Writes softmax of one row of n columns and leaves its m and S. */
  abstract void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n);

  /** Leaves m and S of one row of n columns. */
  abstract void sum(float scale, float[] x, int xAt, int n);

  @Override
  public final void softmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
    Softmax.checkShapes(x, valid, y, logSumExp);
    for (int i = 0; i < x.rows(); i++) {
      int n = valid == null ? x.cols() : valid[i];
      int xAt = x.offset() + i * x.rowStride();
      int yAt = y.offset() + i * y.rowStride();
      probabilities(scale, x.data(), xAt, y.data(), yAt, n);
      Arrays.fill(y.data(), yAt + n, yAt + y.cols(), 0);
      if (logSumExp != null) {
        logSumExp[i] = logSumExp();
      }
    }
  }

  @Override
  public final void logSoftmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
    Softmax.checkShapes(x, valid, y, logSumExp);
    for (int i = 0; i < x.rows(); i++) {
      int n = valid == null ? x.cols() : valid[i];
      int xAt = x.offset() + i * x.rowStride();
      int yAt = y.offset() + i * y.rowStride();
      sum(scale, x.data(), xAt, n);
      float logSum = sum == 0 ? 0 : (float) Math.log(sum);
      subtract(scale, x.data(), xAt, largest, logSum, y.data(), yAt, n);
      Arrays.fill(y.data(), yAt + n, yAt + y.cols(), Float.NEGATIVE_INFINITY);
      if (logSumExp != null) {
        logSumExp[i] = logSumExp();
      }
    }
  }

  /** 1 / S, or 0 where S is. */
  final float inverse() {
    return sum == 0 ? 0 : 1 / sum;
  }

  private float logSumExp() {
    return sum == 0 ? Float.NEGATIVE_INFINITY : (float) (largest + Math.log(sum));
  }

  /** Plain, because the compiler vectorises it by itself. */
  private static void subtract(
      float scale, float[] x, int xAt, float m, float logSum, float[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      y[yAt + j] = x[xAt + j] * scale - m - logSum;
    }
  }
}
