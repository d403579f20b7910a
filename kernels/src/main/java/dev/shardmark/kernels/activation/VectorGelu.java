package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Gelu} with the Vector API, one vector at a time; the tail is a plain loop. */
public final class VectorGelu implements Gelu {
  private final GeluForm form;

  public VectorGelu(GeluForm form) {
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
    FloatVector one = FloatVector.broadcast(F, 1);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + j);
      FloatVector tail = NormalTail.of(v.abs());
      FloatVector phi = tail.blend(one.sub(tail), v.compare(VectorOperators.GT, 0));
      v.mul(phi).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      float v = x[xAt + j];
      float tail = NormalTail.of(Math.abs(v), VectorExp.exp(v * v * -0.5f));
      y[yAt + j] = v * (v > 0 ? 1 - tail : tail);
    }
  }

  private static void tanh(float[] x, int xAt, float[] y, int yAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + j);
      v.div(VectorExp.exp(TanhGelu.exponent(v)).add(1)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      float v = x[xAt + j];
      y[yAt + j] = v / (1 + VectorExp.exp(TanhGelu.exponent(v)));
    }
  }
}
