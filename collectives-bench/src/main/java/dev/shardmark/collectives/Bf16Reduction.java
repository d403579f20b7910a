package dev.shardmark.collectives;

import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.math.Bf16;

/**
 * {@link ReduceOp} for bfloat16: widened, combined as fp32, rounded to the nearest, ties to even.
 *
 * <p>Block by block, through fp32 that stays in the first-level cache: each of the three steps is a
 * loop of its own that hands over arrays, and so none of them is ever left with vectors as objects,
 * as one loop of all three was.
 */
final class Bf16Reduction {
  /** A multiple of two vectors of any size. */
  private static final int BLOCK = 1024;

  /** Of each thread, because ranks work on the same elements. */
  private static final ThreadLocal<float[][]> WIDE =
      ThreadLocal.withInitial(() -> new float[2][BLOCK]);

  private Bf16Reduction() {}

  /** {@code acc[accAt + i] = op(acc[accAt + i], in[inAt + i])}. */
  static void combine(ReduceOp op, short[] acc, int accAt, short[] in, int inAt, int length) {
    int whole = length - length % (2 * LANES);
    float[][] wide = WIDE.get();
    for (int i = 0; i < whole; i += BLOCK) {
      int some = Math.min(BLOCK, whole - i);
      Bf16.widenPairs(acc, accAt + i, wide[0], 0, some);
      Bf16.widenPairs(in, inAt + i, wide[1], 0, some);
      op.combine(wide[0], 0, wide[1], 0, some);
      Bf16.roundPairs(wide[0], 0, acc, accAt + i, some);
    }
    for (int i = whole; i < length; i++) {
      float a = Bf16.widen(acc[accAt + i]);
      acc[accAt + i] = Bf16.round(op.apply(a, Bf16.widen(in[inAt + i])));
    }
  }
}
