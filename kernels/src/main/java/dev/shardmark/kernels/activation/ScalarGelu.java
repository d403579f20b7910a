package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;

/** {@link Gelu} in plain Java, with the exponential of {@link Math}; a loop for each form. */
public final class ScalarGelu implements Gelu {
  private final GeluForm form;

  public ScalarGelu(GeluForm form) {
    this.form = form;
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    Shapes.same(x, y);
    for (int i = 0; i < y.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      if (form == GeluForm.EXACT) {
        exact(x.data(), rowX, y.data(), rowY, y.cols());
      } else {
        tanh(x.data(), rowX, y.data(), rowY, y.cols());
      }
    }
  }

  private static void exact(float[] x, int xAt, float[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      float v = x[xAt + j];
      float tail = NormalTail.of(Math.abs(v), (float) Math.exp(v * v * -0.5f));
      y[yAt + j] = v * (v > 0 ? 1 - tail : tail);
    }
  }

  private static void tanh(float[] x, int xAt, float[] y, int yAt, int n) {
    for (int j = 0; j < n; j++) {
      float v = x[xAt + j];
      y[yAt + j] = v / (1 + (float) Math.exp(TanhGelu.exponent(v)));
    }
  }
}
