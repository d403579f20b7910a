package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Matrix;

/**
 * {@link RmsNorm} in plain Java: a loop for the squares, which keeps its order and so has one sum,
 * and a loop for the scaling, which the compiler can vectorise.
 */
public final class ScalarRmsNorm implements RmsNorm {
  @Override
  public void normalize(Matrix x, Matrix weight, float eps, Matrix y) {
    RmsNorm.check(x, weight, eps, y);
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      float squares = 0;
      for (int j = 0; j < x.cols(); j++) {
        float v = x.data()[rowX + j];
        squares = Math.fma(v, v, squares);
      }
      scale(squares, x, i, weight, eps, y);
    }
  }

  @Override
  public void addAndNormalize(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y) {
    RmsNorm.check(x, residual, weight, eps, y);
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowR = residual.offset() + i * residual.rowStride();
      float squares = 0;
      for (int j = 0; j < x.cols(); j++) {
        float v = residual.data()[rowR + j] + x.data()[rowX + j];
        residual.data()[rowR + j] = v;
        squares = Math.fma(v, v, squares);
      }
      scale(squares, residual, i, weight, eps, y);
    }
  }

  private static void scale(float squares, Matrix x, int i, Matrix weight, float eps, Matrix y) {
    float inverse = 1 / (float) Math.sqrt(squares / x.cols() + eps);
    float[] from = x.data();
    float[] w = weight.data();
    float[] to = y.data();
    int rowX = x.offset() + i * x.rowStride();
    int rowY = y.offset() + i * y.rowStride();
    for (int j = 0; j < x.cols(); j++) {
      to[rowY + j] = from[rowX + j] * inverse * w[weight.offset() + j];
    }
  }
}
