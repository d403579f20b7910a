package dev.shardmark.kernels.gemm;

import java.util.Arrays;

/** The {@code beta * C} part of a product. */
public final class Scaling {
  private Scaling() {}

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
