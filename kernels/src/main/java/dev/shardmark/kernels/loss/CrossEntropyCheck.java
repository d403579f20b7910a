package dev.shardmark.kernels.loss;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.softmax.ReferenceSoftmax;

/** Tells whether losses are right: their largest error over allowed error, at most 1. */
public final class CrossEntropyCheck {
  private CrossEntropyCheck() {}

  /**
   * The largest error over its bound, of the losses and their mean; infinity where one is NaN and
   * should not be, or is not and should.
   *
   * @param ranks how many partials the losses were merged from; 1 where none were
   */
  public static double worst(Matrix x, int[] targets, int ranks, float[] loss, float mean) {
    CrossEntropy.checkOperands(x, 0, x.cols(), targets, loss.length);
    double merging = ranks == 1 ? 0 : Rounding.gamma(ranks + 2);
    double worst = 0;
    double sum = 0;
    double bounds = 0;
    int count = 0;
    for (int i = 0; i < x.rows(); i++) {
      double want = 0;
      double bound = 0;
      if (targets[i] != CrossEntropy.IGNORED) {
        ReferenceSoftmax.Row row = ReferenceSoftmax.row(1, x, i, x.cols());
        want = -row.log()[targets[i]];
        bound = row.logBound()[targets[i]] + merging * (1 + Rounding.UNIT);
        sum += want;
        bounds += bound;
        count++;
      }
      worst = Math.max(worst, Expected.ratio(loss[i], want, bound));
    }
    double wantMean = sum / count;
    double meanBound = bounds / count;
    meanBound += Rounding.UNIT * (Math.abs(wantMean) + meanBound) * (1 + 1e-6); // sums in double
    return Math.max(worst, Expected.ratio(mean, wantMean, meanBound));
  }
}
