package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Heads;
import java.util.Arrays;

/** Room for the log-sum-exps of queries, for who needs them no longer than a call. */
final class LogSums {
  private Matrix[] views = {};

  /** (tokens, heads) of the queries of a sequence. */
  Matrix of(int sequence, Heads q) {
    if (sequence >= views.length) {
      views = Arrays.copyOf(views, sequence + 1);
    }
    Matrix view = views[sequence];
    if (view == null || view.rows() != q.tokens() || view.cols() != q.heads()) {
      views[sequence] = Matrix.zeros(q.tokens(), q.heads());
    }
    return views[sequence];
  }
}
