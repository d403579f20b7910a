package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Phi(-a) for a >= 0, as {@code e^(-a^2 / 2) t P(t)} with {@code t = 1 / (1 + 0.35 a)}: the
 * quotient of the two falls slowly, so that one polynomial follows it out to where the tail
 * underflows.
 */
final class NormalTail {
  private static final float SLOPE = 0.35f;

  // Least largest relative error over 0 <= a <= 14.5: 0.6 * 2^-24.
  private static final float C0 = 0x1.1df1c6p-3f;
  private static final float C1 = 0x1.1e70c6p-3f;
  private static final float C2 = 0x1.eac99ep-4f;
  private static final float C3 = 0x1.b05844p-4f;
  private static final float C4 = -0x1.7c5406p-6f;
  private static final float C5 = 0x1.464a38p-3f;
  private static final float C6 = -0x1.05fb06p-2f;
  private static final float C7 = 0x1.26fa0cp-3f;
  private static final float C8 = -0x1.ddb9a4p-6f;

  private NormalTail() {}

  /** Replaces {@code e_j = e^(-x_j^2 / 2)} by the tail of |x_j|, for n elements. */
  static void row(float[] x, int xAt, float[] e, int eAt, int n) {
    FloatVector one = FloatVector.broadcast(F, 1);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector a = FloatVector.fromArray(F, x, xAt + j).abs();
      FloatVector t = one.div(a.fma(FloatVector.broadcast(F, SLOPE), one));
      FloatVector p = t.fma(FloatVector.broadcast(F, C8), FloatVector.broadcast(F, C7));
      p = p.fma(t, FloatVector.broadcast(F, C6));
      p = p.fma(t, FloatVector.broadcast(F, C5));
      p = p.fma(t, FloatVector.broadcast(F, C4));
      p = p.fma(t, FloatVector.broadcast(F, C3));
      p = p.fma(t, FloatVector.broadcast(F, C2));
      p = p.fma(t, FloatVector.broadcast(F, C1));
      p = p.fma(t, FloatVector.broadcast(F, C0));
      p.mul(t).mul(FloatVector.fromArray(F, e, eAt + j)).intoArray(e, eAt + j);
    }
    for (; j < n; j++) {
      e[eAt + j] = of(Math.abs(x[xAt + j]), e[eAt + j]);
    }
  }

  /** The tail of one number, by the same polynomial; {@code e} is e^(-a^2 / 2). */
  static float of(float a, float e) {
    float t = 1 / Math.fma(a, SLOPE, 1);
    float p = Math.fma(t, C8, C7);
    p = Math.fma(p, t, C6);
    p = Math.fma(p, t, C5);
    p = Math.fma(p, t, C4);
    p = Math.fma(p, t, C3);
    p = Math.fma(p, t, C2);
    p = Math.fma(p, t, C1);
    p = Math.fma(p, t, C0);
    return p * t * e;
  }
}
