package dev.shardmark.kernels.softmax;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;

/** Tells whether a result is right: its largest error over allowed error, at most 1. */
public final class SoftmaxCheck {
  private SoftmaxCheck() {}

  /**
   * The largest error over its bound, of a softmax and its log-sum-exp, if not null; infinity where
   * one is NaN and should not be, or is not and should.
   *
   * @param x the logits, as they were before the call
   */
  public static double worst(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
    return worst(scale, x, valid, y, logSumExp, false);
  }

  /** The same of the logarithm of softmax. */
  public static double worstLog(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp) {
    return worst(scale, x, valid, y, logSumExp, true);
  }

  private static double worst(
      float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp, boolean log) {
    Softmax.checkShapes(x, valid, y, logSumExp);
    double worst = 0;
    for (int i = 0; i < x.rows(); i++) {
      int n = valid == null ? x.cols() : valid[i];
      ReferenceSoftmax.Row row = ReferenceSoftmax.row(scale, x, i, n);
      double[] want = log ? row.log() : row.value();
      double[] bound = log ? row.logBound() : row.bound();
      for (int j = 0; j < n; j++) {
        worst = Math.max(worst, Expected.ratio(y.at(i, j), want[j], bound[j]));
      }
      double absent = log ? Double.NEGATIVE_INFINITY : 0;
      for (int j = n; j < x.cols(); j++) {
        worst = Math.max(worst, Expected.ratio(y.at(i, j), absent, 0));
      }
      if (logSumExp != null) {
        worst =
            Math.max(worst, Expected.ratio(logSumExp[i], row.logSumExp(), row.logSumExpBound()));
      }
    }
    return worst;
  }
}
