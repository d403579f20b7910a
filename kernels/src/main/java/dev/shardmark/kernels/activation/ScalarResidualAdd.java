package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;

/** {@link ResidualAdd} in plain Java, which the compiler can vectorise. */
public final class ScalarResidualAdd implements ResidualAdd {
  @Override
  public void add(Matrix x, Matrix residual) {
    Shapes.same(x, residual);
    for (int i = 0; i < x.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowR = residual.offset() + i * residual.rowStride();
      row(x.data(), rowX, residual.data(), rowR, x.cols());
    }
  }

  private static void row(float[] x, int xAt, float[] r, int rAt, int n) {
    for (int j = 0; j < n; j++) {
      r[rAt + j] += x[xAt + j];
    }
  }
}
