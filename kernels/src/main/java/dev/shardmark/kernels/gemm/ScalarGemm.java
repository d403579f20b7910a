package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} in plain Java: row by row, axpy inside, so that the compiler can vectorise the loop
 * over n. No blocking, no packing.
 */
public final class ScalarGemm implements Gemm {
  @Override
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(a, b, c);
    for (int i = 0; i < c.rows(); i++) {
      int rowC = c.offset() + i * c.rowStride();
      Scaling.row(c.data(), rowC, c.cols(), beta);
      for (int p = 0; p < a.cols(); p++) {
        float scaled = alpha * a.data()[a.offset() + i * a.rowStride() + p];
        axpy(scaled, b.data(), b.offset() + p * b.rowStride(), c.data(), rowC, c.cols());
      }
    }
  }

  private static void axpy(float s, float[] x, int xAt, float[] y, int yAt, int length) {
    for (int j = 0; j < length; j++) {
      y[yAt + j] = Math.fma(s, x[xAt + j], y[yAt + j]);
    }
  }
}
