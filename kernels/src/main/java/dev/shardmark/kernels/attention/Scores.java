package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of the scores of one query with the keys of a block, and of those before. */
final class Scores {
  private Scores() {}

  /**
   * The largest of {@code max} and {@code length} scores, a multiple of twice the lanes; NaN is
   * passed over, as {@link dev.shardmark.kernels.softmax.RowMaximum} does.
   */
  static float largest(float max, float[] x, int at, int length) {
    FloatVector m = FloatVector.broadcast(F, max);
    FloatVector n = m;
    for (int j = at; j < at + length; j += 2 * LANES) {
      FloatVector left = FloatVector.fromArray(F, x, j);
      FloatVector right = FloatVector.fromArray(F, x, j + LANES);
      m = m.blend(left, left.compare(VectorOperators.GT, m));
      n = n.blend(right, right.compare(VectorOperators.GT, n));
    }
    return m.blend(n, n.compare(VectorOperators.GT, m)).reduceLanes(VectorOperators.MAX);
  }
}
