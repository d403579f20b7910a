package dev.shardmark.kernels.softmax;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Softmax of each row, {@code y_j = e^(z_j) / sum_i e^(z_i)} with {@code z = scale * x} rounded to
 * float, or its logarithm; and the row's log-sum-exp, {@code log sum_i e^(z_i)}.
 *
 * <p><b>Shapes</b> X and Y are (rows, cols); row-major, strides in elements. Y is the same view as
 * X (in place) or does not overlap it. {@code valid}, null or one count a row, says how many
 * columns from the left take part, as under a causal mask. {@code logSumExp} is null or has one
 * element a row.
 *
 * <p><b>Edge cases</b> rows or cols may be 0. A column that does not take part is written, 0 or in
 * the logarithm -infinity, and never read. Where no column takes part, or all that do are
 * -infinity, every y is 0 (-infinity), and log-sum-exp is -infinity. A NaN or +infinity among those
 * that take part makes all of these NaN, and log-sum-exp too. Elements between the rows of a
 * strided view are neither read nor written.
 *
 * <p><b>Error</b> let h_j = u (|z_j| + |t_j|), without |z_j| if scale = 1: rounding z and t changes
 * e^(t_j) by a factor between e^-h_j and e^h_j. The exponential adds at most 2^-23, relative, or
 * gives 0 where it is below 2^-126; the sum adds g(cols + {@value #JOINING}), since all its terms
 * are positive; and a reciprocal and a product add g(2). Each y_j lies between the quotients of
 * these extremes, which ReferenceSoftmax computes. The logarithm's error is h_j, plus that of log
 * S, plus the roundings of log S and of the difference. After N. J. Higham, Accuracy and Stability
 * of Numerical Algorithms, 2nd ed., sections 3.1 and 4.2.
 *
 * <p><b>Work</b> {@link #work}: 5 flop an element (scale, subtract, exponential, add, multiply,
 * each counted as one); X read once and Y written once, 8 rows cols bytes. An exponential costs
 * tens of instructions, so that no implementation reaches the multiply-add roof.
 *
 * <p><b>Threading</b> one thread, one instance per rank.
 *
 * <p><b>Source</b> M. Milakov and N. Gimelshein, Online normalizer calculation for softmax, arXiv
 * 1805.02867, 2018: algorithm 2 (safe softmax) and algorithm 3 (online).
 */
public interface Softmax {
  /**
   * Additions and roundings beyond one a column that a sum may take, to join lanes and a tail.
   *
   * <p>An online sum takes three roundings a step (a rescale, whose exponential is good to two, and
   * a multiply-add), but only cols / LANES steps, with at least 4 lanes; then LANES + 2 to join.
   */
  int JOINING = 24;

  /**
   * Writes softmax.
   *
   * @throws IllegalArgumentException if the shapes disagree or a count is not in 0 to cols
   */
  void softmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp);

  /**
   * Writes the logarithm of softmax.
   *
   * @throws IllegalArgumentException if the shapes disagree or a count is not in 0 to cols
   */
  void logSoftmax(float scale, Matrix x, int[] valid, Matrix y, float[] logSumExp);

  /** The work of one call in which every column takes part. */
  static Work work(long rows, long cols) {
    return new Work(5 * rows * cols, 8 * rows * cols);
  }

  /** Checks that the operands fit together. */
  static void checkShapes(Matrix x, int[] valid, Matrix y, float[] logSumExp) {
    int rows = x.rows();
    boolean fits =
        y.rows() == rows
            && y.cols() == x.cols()
            && (valid == null || valid.length == rows)
            && (logSumExp == null || logSumExp.length == rows);
    if (!fits) {
      throw new IllegalArgumentException(
          "shapes disagree: X is "
              + rows
              + "x"
              + x.cols()
              + ", Y is "
              + y.rows()
              + "x"
              + y.cols()
              + ", valid has "
              + (valid == null ? "none" : valid.length)
              + ", logSumExp has "
              + (logSumExp == null ? "none" : logSumExp.length));
    }
    for (int i = 0; valid != null && i < rows; i++) {
      if (valid[i] < 0 || valid[i] > x.cols()) {
        throw new IllegalArgumentException(
            "valid must be 0 to " + x.cols() + ": row=" + i + " valid=" + valid[i]);
      }
    }
  }
}
