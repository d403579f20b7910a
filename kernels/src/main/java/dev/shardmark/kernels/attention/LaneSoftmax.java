package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.attention.ScoreTile.QUERIES;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The running maximum and sum of a panel of queries, a lane a query, so that nothing is reduced
 * across lanes: turns tiles of scores into weights.
 *
 * <p>Maxima start at the lowest finite float, and a masked score is -infinity: no difference of the
 * two is NaN, and the weight of a masked score is 0 even before any visible one.
 */
final class LaneSoftmax {
  /** Largest score so far of each query. */
  private final float[] max = AlignedFloats.allocate(QUERIES);

  /** Sum of the weights so far. */
  private final float[] sum = AlignedFloats.allocate(QUERIES);

  /** What a new maximum makes of weights so far. */
  private final float[] factor = AlignedFloats.allocate(QUERIES);

  /** Forgets all scores. */
  void clear() {
    Arrays.fill(max, -Float.MAX_VALUE);
    Arrays.fill(sum, 0);
  }

  /** Factors of the queries at the last {@link #weigh}. */
  float[] factor() {
    return factor;
  }

  /** Sum of the weights of query {@code lane}. */
  float sum(int lane) {
    return sum[START + lane];
  }

  /** Largest score of query {@code lane}. */
  float max(int lane) {
    return max[START + lane];
  }

  /** Masks, for each query, the scores of all but its first {@code visible} keys. */
  static void mask(float[] s, int keys, float[] visible) {
    for (int c = START; c < START + QUERIES; c += LANES) {
      FloatVector seen = FloatVector.fromArray(F, visible, c);
      for (int j = 0; j < keys; j++) {
        int at = c + j * QUERIES;
        FloatVector score = FloatVector.fromArray(F, s, at);
        score
            .blend(Float.NEGATIVE_INFINITY, seen.compare(VectorOperators.LE, (float) j))
            .intoArray(s, at);
      }
    }
  }

  /** Replaces scores by weights relative to the new maxima. */
  void weigh(float[] s, int keys) {
    for (int c = START; c < START + QUERIES; c += LANES) {
      raise(s, c, keys, max, factor);
      exps(s, c, keys, max, factor, sum);
    }
  }

  // Vectors pass between these through arrays: where such a method is not inlined, a vector that is
  // a parameter and changes in the loop would be boxed at every step.

  /** Takes in new maxima. Not max(): its rules for -0 and NaN cost more, and the exp keeps NaN. */
  private static void raise(float[] s, int c, int keys, float[] max, float[] factor) {
    FloatVector old = FloatVector.fromArray(F, max, c);
    FloatVector m = old;
    for (int j = 0; j < keys; j++) {
      FloatVector score = FloatVector.fromArray(F, s, c + j * QUERIES);
      m = m.blend(score, score.compare(VectorOperators.GT, m));
    }
    VectorExp.exp(old.sub(m)).intoArray(factor, c);
    m.intoArray(max, c);
  }

  private static void exps(float[] s, int c, int keys, float[] max, float[] factor, float[] sum) {
    FloatVector m = FloatVector.fromArray(F, max, c);
    FloatVector total = FloatVector.fromArray(F, sum, c).mul(FloatVector.fromArray(F, factor, c));
    for (int j = 0; j < keys; j++) {
      int at = c + j * QUERIES;
      FloatVector weight = VectorExp.exp(FloatVector.fromArray(F, s, at).sub(m));
      weight.intoArray(s, at);
      total = total.add(weight);
    }
    total.intoArray(sum, c);
  }
}
