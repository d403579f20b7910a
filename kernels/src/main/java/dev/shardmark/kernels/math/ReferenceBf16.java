package dev.shardmark.kernels.math;

/** The oracle of {@link Bf16}: the nearer of the two neighbours, compared in double. */
public final class ReferenceBf16 {
  /** What would follow the largest bfloat16 if the exponent had no end. */
  private static final double BEYOND = 0x1p128;

  private ReferenceBf16() {}

  /** The nearest bfloat16, as a float; of two, the one whose last bit is 0. */
  public static float round(float x) {
    if (Float.isNaN(x) || Float.isInfinite(x)) {
      return x;
    }
    int below = Float.floatToRawIntBits(Math.abs(x)) >>> 16;
    float low = Float.intBitsToFloat(below << 16);
    float high = Float.intBitsToFloat(below + 1 << 16);
    double toLow = Math.abs((double) x) - low;
    double toHigh = (Float.isInfinite(high) ? BEYOND : high) - Math.abs((double) x);
    boolean down = toLow < toHigh || toLow == toHigh && below % 2 == 0;
    return Math.copySign(down ? low : high, x);
  }
}
