package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.VectorExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Softmax} in two passes over a row: the maximum so far and the sum relative to it; then
 * quotients. Two exponentials an element, but X is read twice and Y written once, where three
 * passes also read Y back and write it again.
 *
 * <p>Every lane has its own maximum; they are joined at the end, with the tail, in plain code.
 */
public final class OnlineVectorSoftmax extends RowwiseSoftmax {
  /** What each lane has, to join them. */
  private final float[] laneM = new float[LANES];

  private final float[] laneS = new float[LANES];

  @Override
  void probabilities(float scale, float[] x, int xAt, float[] y, int yAt, int n) {
    sum(scale, x, xAt, n);
    float m = largest;
    float inverse = inverse();
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector t = FloatVector.fromArray(F, x, xAt + j).mul(scale).sub(m);
      VectorExp.exp(t).mul(inverse).intoArray(y, yAt + j);
    }
    for (; j < n; j++) {
      y[yAt + j] = VectorExp.exp(x[xAt + j] * scale - m) * inverse;
    }
  }

  @Override
  void sum(float scale, float[] x, int xAt, int n) {
    // Finite from the start: -infinity - -infinity would be NaN.
    FloatVector m = FloatVector.broadcast(F, -Float.MAX_VALUE);
    FloatVector s = FloatVector.zero(F);
    FloatVector one = FloatVector.broadcast(F, 1);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector z = FloatVector.fromArray(F, x, xAt + j).mul(scale);
      // Of e^(m - new m) and e^(z - new m) one is 1, and the other is this.
      FloatVector e = VectorExp.exp(z.sub(m).abs().neg());
      VectorMask<Float> grows = z.compare(VectorOperators.GT, m);
      s = s.fma(one.blend(e, grows), e.blend(one, grows));
      m = m.blend(z, grows);
    }
    m.intoArray(laneM, 0);
    s.intoArray(laneS, 0);
    join(scale, x, xAt + j, n - j);
  }

  /** Joins the lanes and the columns of the tail. */
  private void join(float scale, float[] x, int tailAt, int tail) {
    float m = RowMaximum.scalar(scale, x, tailAt, tail);
    for (int lane = 0; lane < LANES; lane++) {
      m = Math.max(m, laneM[lane]);
    }
    float s = 0;
    for (int lane = 0; lane < LANES; lane++) {
      s = Math.fma(laneS[lane], VectorExp.exp(laneM[lane] - m), s);
    }
    for (int j = 0; j < tail; j++) {
      s += VectorExp.exp(x[tailAt + j] * scale - m);
    }
    largest = m;
    sum = s;
  }
}
