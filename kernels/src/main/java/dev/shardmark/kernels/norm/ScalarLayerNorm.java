package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Matrix;

/** {@link LayerNorm} in plain Java: mean, variance and scaling, a loop each. */
public final class ScalarLayerNorm implements LayerNorm {
  @Override
  public void normalize(Matrix x, Matrix weight, Matrix bias, float eps, Matrix y) {
    LayerNorm.check(x, weight, bias, eps, y);
    float[] from = x.data();
    float[] w = weight.data();
    float[] b = bias.data();
    float[] to = y.data();
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      float sum = 0;
      for (int j = 0; j < x.cols(); j++) {
        sum += from[rowX + j];
      }
      float mean = sum / x.cols();
      float squares = 0;
      for (int j = 0; j < x.cols(); j++) {
        float d = from[rowX + j] - mean;
        squares = Math.fma(d, d, squares);
      }
      float inverse = 1 / (float) Math.sqrt(squares / x.cols() + eps);
      for (int j = 0; j < x.cols(); j++) {
        float scaled = (from[rowX + j] - mean) * inverse;
        to[rowY + j] = Math.fma(scaled, w[weight.offset() + j], b[bias.offset() + j]);
      }
    }
  }
}
