package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over the lanes of four vectors at once: halves are exchanged so that one addition works for
 * two vectors, then quarters for four. Four separate reductions would cost twice as much.
 */
final class FourSums {
  private static final int HALF = LANES / 2;
  private static final int QUARTER = LANES / 4;

  private static final VectorShuffle<Float> SWAP_HALVES = VectorShuffle.fromOp(F, i -> i ^ HALF);
  private static final VectorShuffle<Float> SWAP_QUARTERS =
      VectorShuffle.fromOp(F, i -> i ^ QUARTER);
  private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(F, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP_NEXT = VectorShuffle.fromOp(F, i -> i ^ 1);
  private static final VectorMask<Float> HIGH_HALF = highLanes(HALF);
  private static final VectorMask<Float> HIGH_QUARTERS = highLanes(QUARTER);

  private FourSums() {}

  /** Writes the sums of a, b, c and d to {@code to[at]} and after; uses {@code scratch}. */
  static void store(
      FloatVector a,
      FloatVector b,
      FloatVector c,
      FloatVector d,
      float[] scratch,
      float[] to,
      int at) {
    FloatVector ab = b.blend(a, HIGH_HALF).rearrange(SWAP_HALVES).add(a.blend(b, HIGH_HALF));
    FloatVector cd = d.blend(c, HIGH_HALF).rearrange(SWAP_HALVES).add(c.blend(d, HIGH_HALF));
    FloatVector all =
        cd.blend(ab, HIGH_QUARTERS).rearrange(SWAP_QUARTERS).add(ab.blend(cd, HIGH_QUARTERS));
    if (QUARTER > 2) {
      all = all.add(all.rearrange(SWAP_PAIRS));
    }
    if (QUARTER > 1) {
      all = all.add(all.rearrange(SWAP_NEXT));
    }
    all.intoArray(scratch, 0); // quarters hold a, c, b, d
    to[at] = scratch[0];
    to[at + 1] = scratch[2 * QUARTER];
    to[at + 2] = scratch[QUARTER];
    to[at + 3] = scratch[3 * QUARTER];
  }

  private static VectorMask<Float> highLanes(int bit) {
    boolean[] high = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      high[i] = (i & bit) != 0;
    }
    return VectorMask.fromArray(F, high, 0);
  }
}
