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
      FloatVector old = FloatVector.fromArray(F, max, c);
      FloatVector now = largest(s, c, keys, old);
      FloatVector scaling = VectorExp.exp(old.sub(now));
      FloatVector start = FloatVector.fromArray(F, sum, c).mul(scaling);
      now.intoArray(max, c);
      scaling.intoArray(factor, c);
      exps(s, c, keys, now, start).intoArray(sum, c);
    }
  }

  /** Not max(), whose rules for NaN and -0 cost several instructions; the exp passes NaN on. */
  private static FloatVector largest(float[] s, int c, int keys, FloatVector old) {
    FloatVector m = old;
    for (int j = 0; j < keys; j++) {
      FloatVector score = FloatVector.fromArray(F, s, c + j * QUERIES);
      m = m.blend(score, score.compare(VectorOperators.GT, m));
    }
    return m;
  }

  private static FloatVector exps(float[] s, int c, int keys, FloatVector m, FloatVector start) {
    FloatVector total = start;
    for (int j = 0; j < keys; j++) {
      int at = c + j * QUERIES;
      FloatVector weight = VectorExp.exp(FloatVector.fromArray(F, s, at).sub(m));
      weight.intoArray(s, at);
      total = total.add(weight);
    }
    return total;
  }
}
