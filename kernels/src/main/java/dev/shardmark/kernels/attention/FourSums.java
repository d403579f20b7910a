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

  /** Where the four sums are put together. */
  private static final int SUMS = 4 * LANES;

  /** Length of the array that {@link #store} works in. */
  static final int LENGTH = SUMS + LANES;

  private static final VectorShuffle<Float> SWAP_HALVES = VectorShuffle.fromOp(F, i -> i ^ HALF);
  private static final VectorShuffle<Float> SWAP_QUARTERS =
      VectorShuffle.fromOp(F, i -> i ^ QUARTER);
  private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(F, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP_NEXT = VectorShuffle.fromOp(F, i -> i ^ 1);
  private static final VectorMask<Float> HIGH_HALF = VectorMask.fromArray(F, highLanes(HALF), 0);
  private static final VectorMask<Float> HIGH_QUARTERS =
      VectorMask.fromArray(F, highLanes(QUARTER), 0);

  private FourSums() {}

  /**
   * Writes the sums of the four vectors in {@code lanes} to {@code to[at]} and after. Room for a
   * fifth in {@code lanes} is scratch.
   */
  static void store(float[] lanes, float[] to, int at) {
    FloatVector a = FloatVector.fromArray(F, lanes, 0);
    FloatVector b = FloatVector.fromArray(F, lanes, LANES);
    FloatVector c = FloatVector.fromArray(F, lanes, 2 * LANES);
    FloatVector d = FloatVector.fromArray(F, lanes, 3 * LANES);
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
    all.intoArray(lanes, SUMS); // quarters hold a, c, b, d
    to[at] = lanes[SUMS];
    to[at + 1] = lanes[SUMS + 2 * QUARTER];
    to[at + 2] = lanes[SUMS + QUARTER];
    to[at + 3] = lanes[SUMS + 3 * QUARTER];
  }

  private static boolean[] highLanes(int bit) {
    boolean[] high = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      high[i] = (i & bit) != 0;
    }
    return high;
  }
}
