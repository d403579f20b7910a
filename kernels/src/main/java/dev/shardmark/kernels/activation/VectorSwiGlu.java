package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;

/** {@link SwiGlu} with the Vector API, one vector at a time; the tail is a plain loop. */
public final class VectorSwiGlu implements SwiGlu {
  @Override
  public void apply(Matrix gate, Matrix up, Matrix y) {
    Shapes.same(gate, up);
    Shapes.same(gate, y);
    for (int i = 0; i < y.rows(); i++) {
      int rowG = gate.offset() + i * gate.rowStride();
      int rowU = up.offset() + i * up.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      row(gate.data(), rowG, up.data(), rowU, y.data(), rowY, y.cols());
    }
  }

  private static void row(float[] gate, int gAt, float[] up, int uAt, float[] y, int yAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector x = FloatVector.fromArray(F, gate, gAt + j);
      x.div(VectorExp.exp(x.neg()).add(1))
          .mul(FloatVector.fromArray(F, up, uAt + j))
          .intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      float x = gate[gAt + j];
      y[yAt + j] = x / (1 + VectorExp.exp(-x)) * up[uAt + j];
    }
  }
}
