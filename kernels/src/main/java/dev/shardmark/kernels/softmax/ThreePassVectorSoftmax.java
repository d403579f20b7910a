package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Softmax} in three passes over a row: the maximum; powers, kept in Y, and their sum;
 * quotients. One exponential an element. A tail that fills no vector is done in plain code.
 */
public final class ThreePassVectorSoftmax extends RowwiseSoftmax {
  private final float[] lanes = new float[LANES];

  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    float m = RowMaximum.vector(scale, x, xAt, n);
    FloatVector acc = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector e = VectorExp.exp(FloatVector.fromArray(F, x, xAt + j).mul(scale).sub(m));
      e.intoArray(y, yAt + j);
      acc = acc.add(e);
    }
    acc.intoArray(lanes, 0);
    float s = LaneSum.of(lanes);
    for (; j < n; j++) {
      float e = VectorExp.exp(x[xAt + j] * scale - m);
      y[yAt + j] = e;
      s += e;
    }
    largest = m;
    sum = s;
    multiply(y, yAt, n, inverse());
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    largest = RowMaximum.vector(scale, x, xAt, n);
    sum = PowerSum.vector(scale, x, xAt, n, largest, lanes);
  }

  /** The third pass. */
  static void multiply(float[] y, int yAt, int n, float factor) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector.fromArray(F, y, yAt + j).mul(factor).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] *= factor;
    }
  }
}
