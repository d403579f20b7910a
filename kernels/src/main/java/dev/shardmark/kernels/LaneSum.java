package dev.shardmark.kernels;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The sum of a vector's lanes in one fixed order: halves onto each other, then quarters, and so on.
 *
 * <p>{@link FloatVector#reduceLanes} may add in another order each time, and does so when the
 * compiler takes over from the interpreter, so that equal calls differ in their last bits.
 */
public final class LaneSum {
  private static final VectorShuffle<Float> SWAP_HALVES = swap(LANES / 2);
  private static final VectorShuffle<Float> SWAP_QUARTERS = swap(LANES / 4);
  private static final VectorShuffle<Float> SWAP_EIGHTHS = swap(LANES / 8);
  private static final VectorShuffle<Float> SWAP_SIXTEENTHS = swap(LANES / 16);

  private LaneSum() {}

  /** Adds up the lanes of a vector of {@link Species#F}, which has 4 to 16. */
  public static float of(FloatVector x) {
    FloatVector sum = x.add(x.rearrange(SWAP_HALVES));
    sum = sum.add(sum.rearrange(SWAP_QUARTERS));
    if (LANES >= 8) {
      sum = sum.add(sum.rearrange(SWAP_EIGHTHS));
    }
    if (LANES >= 16) {
      sum = sum.add(sum.rearrange(SWAP_SIXTEENTHS));
    }
    return sum.lane(0);
  }

  private static VectorShuffle<Float> swap(int lanes) {
    return VectorShuffle.fromOp(F, i -> i ^ lanes);
  }
}
