package dev.shardmark.kernels.math;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * bfloat16: the upper half of a float, kept in a short.
 *
 * <p><b>Rounding</b> to nearest, ties to even: adding just under half of the last kept bit, and one
 * more where that bit is odd, carries into it exactly when it should. A carry out of the mantissa
 * raises the exponent, which is right for subnormals and at the end gives infinity. A NaN would
 * lose its bits to truncation, so its quiet bit is set. Widening is exact.
 */
public final class Bf16 {
  /** Where the values of an aligned array start: 16 bytes of header + 24 * 2 bytes = 64. */
  public static final int START = 24;

  /** Bits that a short does not keep: the left of a pair becomes a float when shifted by them. */
  public static final int DROPPED = 16;

  private static final int ALMOST_HALF = 0x7fff;
  private static final int MAGNITUDE = 0x7fffffff;
  private static final int INFINITY = 0x7f800000;
  private static final int QUIET = 0x40;

  /** The bits of the right of a pair. */
  public static final int UPPER = 0xffff0000;

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** Two shorts a lane of F: as an int, the pair of what its left and its right vector hold. */
  public static final VectorSpecies<Short> PAIRS = F.withLanes(short.class);

  private Bf16() {}

  /** The nearest bfloat16. */
  public static short round(float x) {
    int bits = Float.floatToRawIntBits(x);
    if ((bits & MAGNITUDE) > INFINITY) {
      return (short) (bits >>> DROPPED | QUIET);
    }
    return (short) (bits + ALMOST_HALF + (bits >>> DROPPED & 1) >>> DROPPED);
  }

  /** The float of the same value. */
  public static float widen(short x) {
    return Float.intBitsToFloat(x << DROPPED);
  }

  /** Rounds {@code count} floats from {@code x[from]} on, with vectors. */
  public static void round(float[] x, int from, short[] to, int at, int count) {
    int whole = F.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      IntVector bits = FloatVector.fromArray(F, x, from + i).reinterpretAsInts();
      IntVector kept = bits.lanewise(VectorOperators.LSHR, DROPPED);
      VectorMask<Integer> nan = bits.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY);
      bits = bits.add(ALMOST_HALF).add(kept.and(1)).lanewise(VectorOperators.LSHR, DROPPED);
      ShortVector result =
          (ShortVector)
              bits.blend(kept.or(QUIET), nan).convertShape(VectorOperators.I2S, SHORTS, 0);
      result.intoArray(to, at + i);
    }
    for (int i = whole; i < count; i++) {
      to[at + i] = round(x[from + i]);
    }
  }

  /**
   * Rounds {@code count} floats, a multiple of {@code 2 LANES}, into the order of pairs. Both
   * halves are written out: a method that takes a vector and is as long as this is compiled apart,
   * and its vectors are objects then.
   */
  public static void roundPairs(float[] x, int from, short[] to, int at, int count) {
    for (int i = 0; i < count; i += 2 * LANES) {
      IntVector left = FloatVector.fromArray(F, x, from + i).reinterpretAsInts();
      IntVector odd = left.lanewise(VectorOperators.LSHR, DROPPED).and(1);
      VectorMask<Integer> nan = left.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY);
      left = left.add(ALMOST_HALF).add(odd).blend(left.or(QUIET << DROPPED), nan);
      IntVector right = FloatVector.fromArray(F, x, from + i + LANES).reinterpretAsInts();
      odd = right.lanewise(VectorOperators.LSHR, DROPPED).and(1);
      nan = right.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY);
      right = right.add(ALMOST_HALF).add(odd).blend(right.or(QUIET << DROPPED), nan);
      IntVector pairs = left.lanewise(VectorOperators.LSHR, DROPPED).or(right.and(UPPER));
      pairs.reinterpretAsShorts().intoArray(to, at + i);
    }
  }

  /** Widens {@code count} shorts, a multiple of {@code 2 LANES}, out of the order of pairs. */
  public static void widenPairs(short[] x, int from, float[] to, int at, int count) {
    for (int i = 0; i < count; i += 2 * LANES) {
      IntVector pairs = ShortVector.fromArray(PAIRS, x, from + i).reinterpretAsInts();
      pairs.lanewise(VectorOperators.LSHL, DROPPED).reinterpretAsFloats().intoArray(to, at + i);
      pairs.and(UPPER).reinterpretAsFloats().intoArray(to, at + i + LANES);
    }
  }

  /**
   * Where column {@code col} of {@code 2 LANES} is kept in the order of pairs: as the lower or
   * upper half of an int, whose lane it has in the left or right vector of floats.
   */
  public static int pairPlace(int col) {
    return col % LANES * 2 + col / LANES;
  }
}
