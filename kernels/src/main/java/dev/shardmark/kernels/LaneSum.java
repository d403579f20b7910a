package dev.shardmark.kernels;

import static dev.shardmark.kernels.Species.LANES;

/**
 * The sum of a vector's lanes in one fixed order: halves onto each other, then quarters, and so on.
 *
 * <p>{@code reduceLanes(ADD)} may add in another order each time, and does so when the compiler
 * takes over from the interpreter, so that equal calls differ in their last bits.
 *
 * <p>It reads the lanes from an array and takes no vector: C2 stops inlining in a method of some
 * forty vector operations, and would put a vector that is passed on into an object.
 */
public final class LaneSum {
  private LaneSum() {}

  /** Adds up the first {@link Species#LANES} of {@code lanes}; there are 4 to 16. */
  public static float of(float[] lanes) {
    return (quarter(lanes, 0) + quarter(lanes, 2)) + (quarter(lanes, 1) + quarter(lanes, 3));
  }

  /** Lanes i, i + 4, ... */
  private static float quarter(float[] x, int i) {
    if (LANES == 4) {
      return x[i];
    }
    if (LANES == 8) {
      return x[i] + x[i + 4];
    }
    return (x[i] + x[i + 8]) + (x[i + 4] + x[i + 12]);
  }
}
