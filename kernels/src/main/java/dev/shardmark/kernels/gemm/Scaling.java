package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/** The {@code beta * C} part of a product. */
public final class Scaling {
  private Scaling() {}

  /** Multiplies all of C by beta. */
  static void rows(Matrix c, float beta) {
    for (int i = 0; i < c.rows(); i++) {
      row(c.data(), c.offset() + i * c.rowStride(), c.cols(), beta);
    }
  }

  /** Multiplies a row by beta; beta = 0 writes zeros without reading, since C may hold NaN. */
  public static void row(float[] c, int at, int length, float beta) {
    if (beta == 0) {
      Arrays.fill(c, at, at + length, 0);
    } else if (beta != 1) {
      for (int j = at; j < at + length; j++) {
        c[j] *= beta;
      }
    }
  }
}
