package dev.shardmark.kernels.math;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * e^x of the elements of a row, and of one float by the same arithmetic: a lane and a scalar get
 * the same bits.
 *
 * <p><b>Formula</b> x = n ln 2 + r with n whole and |r| at most about (ln 2) / 2; e^r by a
 * polynomial of degree 6; times 2^n, whose bits are those of n shifted into the exponent.
 *
 * <p><b>Edge cases</b> e^0 is exactly 1. Above ln of the largest float the result is infinity.
 * Where e^x is below 2^-126, the smallest normal float, the result is 0: a denormal would slow down
 * every later product on many CPUs. NaN gives NaN.
 *
 * <p><b>Error</b> at most 1.013 ulp, found by trying every float (the test does so with {@code
 * -Dmath.exhaustive=true}): half an ulp is the last addition, the rest is the roundings before it.
 * Relative to the result at most {@link #RELATIVE_ERROR}.
 *
 * <p><b>Source</b> W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980, for
 * ln 2 in two parts; the polynomial was fitted for this class.
 */
public final class VectorExp {
  /**
   * Bound of the relative error, wherever the result is not flushed to 0; the largest found is
   * 0.711 of it, since the largest errors in ulp fall on results well above a power of 2.
   */
  public static final double RELATIVE_ERROR = 0x1p-23;

  /** The largest exponent that {@link #row} takes; just below 127.5 ln 2. */
  public static final float HIGHEST_OF_ROW = 88.37f;

  /** Below this e^x would be denormal. */
  private static final float LOWEST = -0x1.5d589ep6f;

  /** Above this e^x would be infinite. */
  private static final float HIGHEST = 0x1.62e42ep6f;

  private static final float LOG2_E = 0x1.715476p0f;

  /** That of an exponent. */
  private static final int BIAS = 127;

  /** Adding it to a small number leaves the nearest integer, biased, in the low bits of the sum. */
  private static final float ROUNDER = 0x1.8p23f + BIAS;

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

  /**
   * Writes {@code y_j = e^(scale x_j - shift)} for n elements, and returns their sum: lane by lane,
   * the lanes by {@link LaneSum}, then the tail in plain code.
   *
   * <p>Exponents must be at most {@link #HIGHEST_OF_ROW}, as those of softmax are, of which none is
   * above 0: of a larger one the result is any number. NaN gives NaN.
   *
   * <p>It takes arrays and no vector, and everything is written out, because C2 stops inlining
   * methods that are not the Vector API's own once a compilation is large: a vector that is passed
   * to one would become an object.
   *
   * @param y may be x, at the same place
   * @param lanes scratch of {@link dev.shardmark.kernels.Species#LANES}
   */
  public static float row(
      float scale, float[] x, int xAt, float shift, float[] y, int yAt, int n, float[] lanes) {
    FloatVector sum = FloatVector.zero(F);
    int j = 0;
    for (; j <= n - LANES; j += LANES) {
      FloatVector z = FloatVector.fromArray(F, x, xAt + j).mul(scale).sub(shift);
      FloatVector rounded =
          z.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUNDER));
      FloatVector k = rounded.sub(ROUNDER);
      FloatVector r = k.fma(FloatVector.broadcast(F, -LN2_HIGH), z);
      r = k.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      FloatVector q = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
      q = q.fma(r, FloatVector.broadcast(F, C4));
      q = q.fma(r, FloatVector.broadcast(F, C3));
      q = q.fma(r, FloatVector.broadcast(F, C2));
      FloatVector above = q.fma(r.mul(r), r);
      FloatVector power =
          rounded
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
              .reinterpretAsFloats();
      // (1 + above) 2^k with one rounding: a NaN, whose bits the shift has lost, stays one
      FloatVector e = above.fma(power, power).blend(0, z.compare(VectorOperators.LT, LOWEST));
      e.intoArray(y, yAt + j);
      sum = sum.add(e);
    }
    sum.intoArray(lanes, 0);
    float total = LaneSum.of(lanes);
    for (; j < n; j++) {
      float e = exp(x[xAt + j] * scale - shift);
      y[yAt + j] = e;
      total += e;
    }
    return total;
  }

  /** e^x of one float. */
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
    int exponent = Float.floatToRawIntBits(rounded) - BIAS << MANTISSA_BITS;
    return Float.intBitsToFloat(Float.floatToRawIntBits(p) + exponent);
  }
}
