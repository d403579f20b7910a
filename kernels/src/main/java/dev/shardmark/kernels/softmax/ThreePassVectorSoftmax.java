package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Softmax} in three passes over a row: the maximum; powers, kept in Y, and their sum;
 * quotients. One exponential an element. A tail that fills no vector is done in plain code.
 */
public final class ThreePassVectorSoftmax extends RowwiseSoftmax {
  private final PowerSum powerSum = new PowerSum();
  private final float[] lanes = new float[LANES];

  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    largest = RowMaximum.vector(scale, x, xAt, n);
    sum = VectorExp.row(scale, x, xAt, largest, y, yAt, n, lanes);
    multiply(y, yAt, n, inverse());
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    largest = RowMaximum.vector(scale, x, xAt, n);
    sum = powerSum.of(scale, x, xAt, n, largest);
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
