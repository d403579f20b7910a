package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ThreePassVectorSoftmax} with the JDK's own vector exponential in place of ours.
 *
 * <p>That one is a call into a C library (SVML on x86, SLEEF elsewhere), around which live vectors
 * are saved; where the library is missing, every lane is done by {@link Math#exp}. Here to be
 * compared with; never chosen.
 */
public final class LibraryExpSoftmax extends RowwiseSoftmax {
  private final float[] lanes = new float[LANES];

  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    float m = RowMaximum.vector(scale, x, xAt, n);
    FloatVector acc = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector t = FloatVector.fromArray(F, x, xAt + j).mul(scale).sub(m);
      FloatVector e = t.lanewise(VectorOperators.EXP);
      e.intoArray(y, yAt + j);
      acc = acc.add(e);
    }
    acc.intoArray(lanes, 0);
    float s = LaneSum.of(lanes);
    for (; j < n; j++) {
      float e = (float) Math.exp(x[xAt + j] * scale - m);
      y[yAt + j] = e;
      s += e;
    }
    largest = m;
    sum = s;
    ThreePassVectorSoftmax.multiply(y, yAt, n, inverse());
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    float m = RowMaximum.vector(scale, x, xAt, n);
    FloatVector acc = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector t = FloatVector.fromArray(F, x, xAt + j).mul(scale).sub(m);
      acc = acc.add(t.lanewise(VectorOperators.EXP));
    }
    acc.intoArray(lanes, 0);
    float s = LaneSum.of(lanes);
    for (; j < n; j++) {
      s += (float) Math.exp(x[xAt + j] * scale - m);
    }
    largest = m;
    sum = s;
  }
}
