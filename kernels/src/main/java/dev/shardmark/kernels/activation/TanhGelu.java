package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** The w in {@code x / (1 + e^w)}, which is the tanh form of GELU without a tanh. */
final class TanhGelu {
  private static final float LINEAR = (float) (-2 * Math.sqrt(2 / Math.PI));
  private static final float CUBIC = (float) (-2 * Math.sqrt(2 / Math.PI) * 0.044715);

  private TanhGelu() {}

  /** Writes w of n elements. */
  static void exponents(float[] x, int xAt, float[] w, int wAt, int n) {
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector v = FloatVector.fromArray(F, x, xAt + j);
      v.mul(v.mul(v).fma(FloatVector.broadcast(F, CUBIC), FloatVector.broadcast(F, LINEAR)))
          .intoArray(w, wAt + j);
    }
    for (; j < n; j++) {
      w[wAt + j] = exponent(x[xAt + j]);
    }
  }

  static float exponent(float x) {
    return x * Math.fma(x * x, CUBIC, LINEAR);
  }
}
