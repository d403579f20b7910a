package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Gelu} with the Vector API, in blocks of a row; what is between two passes stays in L1. */
public final class VectorGelu implements Gelu {
  private static final int BLOCK = 512;

  private final GeluForm form;
  private final float[] exponents = AlignedFloats.allocate(BLOCK);
  private final float[] powers = AlignedFloats.allocate(BLOCK);
  private final float[] lanes = new float[LANES];

  public VectorGelu(GeluForm form) {
    this.form = form;
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    Shapes.same(x, y);
    for (int i = 0; i < y.rows(); i++) {
      int rowX = x.offset() + i * x.rowStride();
      int rowY = y.offset() + i * y.rowStride();
      for (int j = 0; j < y.cols(); j += BLOCK) {
        int length = Math.min(BLOCK, y.cols() - j);
        if (form == GeluForm.EXACT) {
          exact(x.data(), rowX + j, y.data(), rowY + j, length);
        } else {
          tanh(x.data(), rowX + j, y.data(), rowY + j, length);
        }
      }
    }
  }

  private void exact(float[] x, int xAt, float[] y, int yAt, int n) {
    squares(x, xAt, exponents, n);
    VectorExp.row(-0.5f, exponents, START, 0, powers, START, n, lanes);
    NormalTail.row(x, xAt, powers, START, n);
    weigh(x, xAt, powers, y, yAt, n);
  }

  private static void squares(float[] x, int xAt, float[] to, int n) {
    for (int j = 0; j < n; j++) {
      to[START + j] = x[xAt + j] * x[xAt + j];
    }
  }

  /** y = x Phi(x), of the tails of |x|. */
  private static void weigh(float[] x, int xAt, float[] tails, float[] y, int yAt, int n) {
    FloatVector one = FloatVector.broadcast(F, 1);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + j);
      FloatVector tail = FloatVector.fromArray(F, tails, START + j);
      FloatVector phi = tail.blend(one.sub(tail), v.compare(VectorOperators.GT, 0));
      v.mul(phi).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      float v = x[xAt + j];
      float tail = tails[START + j];
      y[yAt + j] = v * (v > 0 ? 1 - tail : tail);
    }
  }

  private void tanh(float[] x, int xAt, float[] y, int yAt, int n) {
    TanhGelu.exponents(x, xAt, exponents, START, n);
    VectorExp.row(1, exponents, START, 0, powers, START, n, lanes);
    divide(x, xAt, exponents, powers, y, yAt, n);
  }

  /** y = x / (1 + e^w). */
  private static void divide(
      float[] x, int xAt, float[] w, float[] powers, float[] y, int yAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector e = FloatVector.fromArray(F, powers, START + j);
      FloatVector exponent = FloatVector.fromArray(F, w, START + j);
      e =
          e.blend(
              Float.POSITIVE_INFINITY,
              exponent.compare(VectorOperators.GT, VectorExp.HIGHEST_OF_ROW));
      FloatVector.fromArray(F, x, xAt + j).div(e.add(1)).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = x[xAt + j] / (1 + powers[START + j]);
    }
  }
}
