package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;

/** {@link SwiGlu} in plain Java, with the exponential of {@link Math}. */
public final class ScalarSwiGlu implements SwiGlu {
  @Override
  public void apply(Matrix gate, Matrix up, Matrix y) {
    Shapes.same(gate, up);
    Shapes.same(gate, y);
    for (int i = 0; i < y.rows(); i++) {
      int rowG = gate.offset() + i * gate.rowStride();
      int rowU = up.offset() + i * up.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      for (int j = 0; j < y.cols(); j++) {
        float x = gate.data()[rowG + j];
        y.data()[rowY + j] = x / (1 + (float) Math.exp(-x)) * up.data()[rowU + j];
      }
    }
  }
}
