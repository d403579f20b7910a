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
    FloatVector m0 = FloatVector.broadcast(F, -Float.MAX_VALUE);
    FloatVector m1 = m0;
    FloatVector m2 = m0;
    FloatVector m3 = m0;
    int j = 0;
    for (; j <= n - 4 * LANES; j += 4 * LANES) {
      FloatVector z = FloatVector.fromArray(F, x, at + j).mul(scale);
      m0 = m0.blend(z, z.compare(VectorOperators.GT, m0));
      z = FloatVector.fromArray(F, x, at + j + LANES).mul(scale);
      m1 = m1.blend(z, z.compare(VectorOperators.GT, m1));
      z = FloatVector.fromArray(F, x, at + j + 2 * LANES).mul(scale);
      m2 = m2.blend(z, z.compare(VectorOperators.GT, m2));
      z = FloatVector.fromArray(F, x, at + j + 3 * LANES).mul(scale);
      m3 = m3.blend(z, z.compare(VectorOperators.GT, m3));
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector z = FloatVector.fromArray(F, x, at + j).mul(scale);
      m0 = m0.blend(z, z.compare(VectorOperators.GT, m0));
    }
    FloatVector m = m0.max(m1).max(m2.max(m3)); // no NaN is among them
    float tail = scalar(scale, x, at + j, n - j);
    return Math.max(m.reduceLanes(VectorOperators.MAX), tail);
  }
}
