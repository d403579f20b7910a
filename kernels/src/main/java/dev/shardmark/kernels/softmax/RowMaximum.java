package dev.shardmark.kernels.softmax;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The largest scaled value of a row, and the lowest finite float where all are -infinity.
 *
 * <p>NaN is passed over: it comes back in the sum. Compare and select are two instructions where a
 * maximum that keeps NaN takes five. Four accumulators, because a select waits for the one before.
 */
public final class RowMaximum {
  private RowMaximum() {}

  /** In plain Java. */
  public static float scalar(float scale, float[] x, int at, int n) {
    float m = -Float.MAX_VALUE;
    for (int j = 0; j < n; j++) {
      float z = x[at + j] * scale;
      m = z > m ? z : m;
    }
    return m;
  }

  /** With vectors, the tail in plain Java. */
  public static float vector(float scale, float[] x, int at, int n) {
    FloatVector acc0 = FloatVector.broadcast(F, -Float.MAX_VALUE);
    FloatVector acc1 = acc0;
    FloatVector acc2 = acc0;
    FloatVector acc3 = acc0;
    int j = 0;
    for (; j <= n - 4 * LANES; j += 4 * LANES) {
      acc0 = larger(acc0, FloatVector.fromArray(F, x, at + j).mul(scale));
      acc1 = larger(acc1, FloatVector.fromArray(F, x, at + j + LANES).mul(scale));
      acc2 = larger(acc2, FloatVector.fromArray(F, x, at + j + 2 * LANES).mul(scale));
      acc3 = larger(acc3, FloatVector.fromArray(F, x, at + j + 3 * LANES).mul(scale));
    }
    for (; j <= n - LANES; j += LANES) {
      acc0 = larger(acc0, FloatVector.fromArray(F, x, at + j).mul(scale));
    }
    FloatVector acc = larger(larger(acc0, acc1), larger(acc2, acc3));
    float tail = scalar(scale, x, at + j, n - j);
    return Math.max(acc.reduceLanes(VectorOperators.MAX), tail);
  }

  /** The larger in each lane, and {@code m} where z is NaN. */
  static FloatVector larger(FloatVector m, FloatVector z) {
    return m.blend(z, z.compare(VectorOperators.GT, m));
  }
}
