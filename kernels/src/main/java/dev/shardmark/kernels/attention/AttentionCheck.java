package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import java.util.SplittableRandom;

/**
 * Tells whether a result is right: its largest error over allowed error, which must not exceed 1.
 *
 * <p>{@link #worst} compares every row with {@link ReferenceAttention}, in O(T S D H). {@link
 * #worstOfLarge} compares some, and only looks for NaN in the others.
 */
public final class AttentionCheck {
  /** Queries of a large result that are compared for each head, in O(S D) each. */
  private static final int SAMPLES = 8;

  private static final long SEED = 42;

  private AttentionCheck() {}

  /** The largest error over its bound, as {@link Expected#ratio} has it. */
  public static double worst(
      float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    double worst = 0;
    for (int h = 0; h < q.heads(); h++) {
      for (int i = 0; i < q.tokens(); i++) {
        ReferenceAttention.Expected e = ReferenceAttention.row(scale, causal, q, k, v, i, h);
        worst = Math.max(worst, worstOfRow(e, o, lse, i, h));
      }
    }
    return worst;
  }

  /**
   * Compares the first and last query and some at random of every head, other ones for each, and
   * finds an element of any query that is NaN. Fill O and lse with NaN before the call, so that a
   * row that was not written shows.
   */
  public static double worstOfLarge(
      float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    if (q.tokens() <= SAMPLES) {
      return worst(scale, causal, q, k, v, o, lse);
    }
    Attention.checkShapes(q, k, v, o, lse);
    SplittableRandom random = new SplittableRandom(SEED);
    double worst = worstNaN(o, lse);
    for (int h = 0; h < q.heads(); h++) {
      for (int s = 0; s < SAMPLES; s++) {
        int i = s < 2 ? s * (q.tokens() - 1) : random.nextInt(q.tokens());
        ReferenceAttention.Expected e = ReferenceAttention.row(scale, causal, q, k, v, i, h);
        worst = Math.max(worst, worstOfRow(e, o, lse, i, h));
      }
    }
    return worst;
  }

  /** The largest error over its bound of one query of one head. */
  static double worstOfRow(ReferenceAttention.Expected e, Heads o, Matrix lse, int i, int h) {
    double worst = Expected.ratio(lse.at(i, h), e.lse(), e.lseBound());
    for (int d = 0; d < o.headDim(); d++) {
      worst = Math.max(worst, Expected.ratio(o.at(i, h, d), e.o()[d], e.oBound()[d]));
    }
    return worst;
  }

  private static double worstNaN(Heads o, Matrix lse) {
    for (int i = 0; i < o.tokens(); i++) {
      for (int h = 0; h < o.heads(); h++) {
        double sum = lse.at(i, h) == Float.NEGATIVE_INFINITY ? 0 : lse.at(i, h);
        for (int d = 0; d < o.headDim(); d++) {
          sum += o.at(i, h, d);
        }
        if (!Double.isFinite(sum)) {
          return Double.POSITIVE_INFINITY;
        }
      }
    }
    return 0;
  }
}
