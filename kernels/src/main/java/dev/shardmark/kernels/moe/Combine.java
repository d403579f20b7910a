package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Brings the rows of experts back to their tokens, {@code y_t = sum_i w_i rows_r(t,i)} over the
 * choices i of token t that were not dropped, where r(t, i) is the row of that choice.
 *
 * <p><b>Shapes</b> rows are (R, D) with the R rows of the permutation, y is (T, D); row-major,
 * strides in elements. The permutation has sorted this routing. y does not overlap the rows.
 *
 * <p><b>Edge cases</b> T or D may be 0. A token all of whose choices were dropped becomes 0. The
 * weight of a dropped choice is not read. NaN and infinities go where arithmetic takes them.
 *
 * <p><b>Error</b> {@code |y - exact| <= g(K) sum_i |w_i rows_r(t,i)|}: a product takes one rounding
 * and each of at most K - 1 additions another, with or without fusing; plus K 2^-149 for products
 * that underflow; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section
 * 3.1. The sum runs in the order of choices, so that the result is the same in every run.
 *
 * <p><b>Work</b> {@link #work}: 2 flop an element of a row; rows, their indices and weights read
 * once, y written once.
 *
 * <p><b>Threading</b> one thread, one instance per rank: it owns scratch, which grows with K.
 *
 * <p><b>Source</b> D. Lepikhin et al., GShard, arXiv 2006.16668, 2020, section 2.2: the combine
 * weights.
 */
public interface Combine {
  /**
   * Writes y.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  void combine(Matrix rows, Routing routing, Permutation permutation, Matrix y);

  /** The work of one call on a dropless routing. */
  static Work work(long tokens, long topK, long model) {
    long choices = tokens * topK;
    return new Work(2 * choices * model, 4 * (choices * model + 2 * choices + tokens * model));
  }

  /** Checks that the operands fit together. */
  static void check(Matrix rows, Routing routing, Permutation permutation, Matrix y) {
    boolean fits =
        rows.rows() == permutation.rows()
            && permutation.row().length >= routing.choices()
            && y.rows() == routing.tokens()
            && y.cols() == rows.cols();
    if (!fits) {
      throw new IllegalArgumentException(
          "shapes disagree: rows are "
              + rows.rows()
              + "x"
              + rows.cols()
              + ", y is "
              + y.rows()
              + "x"
              + y.cols()
              + ", the routing has tokens="
              + routing.tokens()
              + ", the permutation has rows="
              + permutation.rows());
    }
  }
}
