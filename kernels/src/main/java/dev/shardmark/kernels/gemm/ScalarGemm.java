package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} in plain Java: row by row, with an axpy inside where rows of op(B) are contiguous,
 * so that the compiler can vectorise the loop over n, and a dot product where columns are. No
 * blocking, no packing.
 */
public final class ScalarGemm implements Gemm {
  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    int k = opA.cols(a);
    int step = opA.colStep(a);
    for (int i = 0; i < c.rows(); i++) {
      int rowA = a.offset() + i * opA.rowStep(a);
      int rowC = c.offset() + i * c.rowStride();
      Scaling.row(c.data(), rowC, c.cols(), beta);
      if (opB == Op.PLAIN) {
        for (int p = 0; p < k; p++) {
          float scaled = alpha * a.data()[rowA + p * step];
          axpy(scaled, b.data(), b.offset() + p * b.rowStride(), c.data(), rowC, c.cols());
        }
      } else {
        for (int j = 0; j < c.cols(); j++) {
          int rowB = b.offset() + j * b.rowStride();
          c.data()[rowC + j] += alpha * dot(a.data(), rowA, step, b.data(), rowB, k);
        }
      }
    }
  }

  private static void axpy(float s, float[] x, int xAt, float[] y, int yAt, int length) {
    for (int j = 0; j < length; j++) {
      y[yAt + j] = Math.fma(s, x[xAt + j], y[yAt + j]);
    }
  }

  private static float dot(float[] x, int xAt, int xStep, float[] y, int yAt, int length) {
    float sum = 0;
    for (int p = 0; p < length; p++) {
      sum = Math.fma(x[xAt + p * xStep], y[yAt + p], sum);
    }
    return sum;
  }
}
