package dev.shardmark.kernels.activation;

import static dev.shardmark.kernels.Species.F;

import jdk.incubator.vector.FloatVector;

/** The w in {@code x / (1 + e^w)}, which is the tanh form of GELU without a tanh. */
final class TanhGelu {
  private static final float LINEAR = (float) (-2 * Math.sqrt(2 / Math.PI));
  private static final float CUBIC = (float) (-2 * Math.sqrt(2 / Math.PI) * 0.044715);

  private TanhGelu() {}

  static FloatVector exponent(FloatVector x) {
    return x.mul(x.mul(x).fma(FloatVector.broadcast(F, CUBIC), FloatVector.broadcast(F, LINEAR)));
  }

  static float exponent(float x) {
    return x * Math.fma(x * x, CUBIC, LINEAR);
  }
}
