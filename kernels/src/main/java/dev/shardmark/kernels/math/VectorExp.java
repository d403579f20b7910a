package dev.shardmark.kernels.math;

import static dev.shardmark.kernels.Species.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x of every lane, and of one float by the same arithmetic: a lane and a scalar get the same
 * bits.
 *
 * <p><b>Formula</b> x = n ln 2 + r with n whole and |r| at most about (ln 2) / 2; e^r by a
 * polynomial of degree 6; times 2^n by adding n to the exponent bits.
 *
 * <p><b>Edge cases</b> e^0 is exactly 1. Above ln of the largest float the result is infinity.
 * Where e^x is below 2^-126, the smallest normal float, the result is 0: a denormal would slow down
 * every later product on many CPUs. NaN gives NaN.
 *
 * <p><b>Error</b> at most 1 ulp, which is 2^-23 of the result, barring underflow.
 */
public final class VectorExp {
  /** Bound of the relative error, 1 ulp, wherever the result is not flushed to 0. */
  public static final double RELATIVE_ERROR = 0x1p-23;

  /** Below this e^x would be denormal. */
  private static final float LOWEST = -0x1.5d589ep6f;

  /** Above this e^x would be infinite. */
  private static final float HIGHEST = 0x1.62e42ep6f;

  private static final float LOG2_E = 0x1.715476p0f;

  /** Adding it to a small number leaves the nearest integer in the low bits of the sum. */
  private static final float ROUNDER = 0x1.8p23f;

  /** The first 15 bits of ln 2, so that n times it has no rounding. */
  private static final float LN2_HIGH = 0x1.62e4p-1f;

  private static final float LN2_LOW = 0x1.7f7d1cp-20f;

  // e^r = 1 + r + r^2 (C2 + C3 r + ... + C6 r^4): least largest relative error over |r| <= 0.3473,
  // each coefficient rounded to float before the next was fitted; 0.053 * 2^-24.
  private static final float C2 = 0x1.fffffcp-2f;
  private static final float C3 = 0x1.555492p-3f;
  private static final float C4 = 0x1.5558bcp-5f;
  private static final float C5 = 0x1.1239c6p-7f;
  private static final float C6 = 0x1.6a4154p-10f;

  private static final int MANTISSA_BITS = 23;

  private VectorExp() {}

  /** e^x of every lane; lanes are those of {@link dev.shardmark.kernels.Species#F}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector rounded =
        x.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
    FloatVector n = rounded.sub(ROUNDER);
    FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
    FloatVector q = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
    q = q.fma(r, FloatVector.broadcast(F, C4));
    q = q.fma(r, FloatVector.broadcast(F, C3));
    q = q.fma(r, FloatVector.broadcast(F, C2));
    FloatVector p = q.fma(r.mul(r), r).add(1);
    IntVector exponent = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    FloatVector scaled = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    scaled = scaled.blend(0, x.compare(VectorOperators.LT, LOWEST));
    // x + infinity is infinity or NaN, as the result must be for every x that is not <= HIGHEST.
    return x.add(Float.POSITIVE_INFINITY).blend(scaled, x.compare(VectorOperators.LE, HIGHEST));
  }

  /** e^x of one float, for tails. */
  public static float exp(float x) {
    if (!(x <= HIGHEST)) {
      return x + Float.POSITIVE_INFINITY;
    }
    if (x < LOWEST) {
      return 0;
    }
    float rounded = Math.fma(x, LOG2_E, ROUNDER);
    float n = rounded - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float q = Math.fma(r, C6, C5);
    q = Math.fma(q, r, C4);
    q = Math.fma(q, r, C3);
    q = Math.fma(q, r, C2);
    float p = Math.fma(q, r * r, r) + 1;
    int exponent = Float.floatToRawIntBits(rounded) << MANTISSA_BITS;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }
}
