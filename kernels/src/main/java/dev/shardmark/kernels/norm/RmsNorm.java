package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Root-mean-square normalisation of each row, {@code y_j = x_j / sqrt(mean(x^2) + eps) * w_j};
 * alone or after the residual addition that comes before it in a transformer.
 *
 * <p><b>Shapes</b> x, residual and y are (rows, n), row-major, strides in elements; the weight w is
 * (1, n).
 *
 * <p><b>Edge cases</b> rows or n may be 0; then nothing is written. y may be the same view as x, or
 * as the residual; otherwise no two may overlap. A NaN makes its row NaN. Squares are not scaled: a
 * row whose sum of squares overflows becomes 0, and NaN where it is infinite. eps must be at least
 * {@link Float#MIN_NORMAL}, so that squares which underflow do not matter. Elements between the
 * rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> with u = 2^-24 and g(r) = r u / (1 - r u): {@code |y - exact| <= g(n / 2 + 7) *
 * |exact|}, barring overflow, and underflow of the result. The sum of squares, the mean and eps
 * take n + 3 roundings of terms of one sign, one of them for squares that underflow, of which the
 * root leaves half; root, reciprocal and two products take four more; N. J. Higham, Accuracy and
 * Stability of Numerical Algorithms, 2nd ed., section 3.1. The residual is the rounded sum, bit for
 * bit, and y is exact for that.
 *
 * <p><b>Work</b> {@link #work}: 4 flop an element; x and w read once and y written once. {@link
 * #workWithResidual}: one flop more, and the residual read and written.
 *
 * <p><b>Source</b> B. Zhang and R. Sennrich, Root Mean Square Layer Normalization, NeurIPS 2019,
 * section 4; eps as in the code of models.
 */
public interface RmsNorm {
  /**
   * Normalises.
   *
   * @throws IllegalArgumentException if the shapes disagree or eps is too small
   */
  void normalize(Matrix x, Matrix weight, float eps, Matrix y);

  /**
   * Adds x to the residual and normalises the sum, in one pass fewer than an addition of its own.
   *
   * @throws IllegalArgumentException if the shapes disagree or eps is too small
   */
  void addAndNormalize(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y);

  /** The work of {@link #normalize}. */
  static Work work(long rows, long n) {
    return new Work(4 * rows * n, 4 * (2 * rows * n + n));
  }

  /** The work of {@link #addAndNormalize}. */
  static Work workWithResidual(long rows, long n) {
    return new Work(5 * rows * n, 4 * (4 * rows * n + n));
  }

  /** Checks that x (rows, n), w (1, n) and y (rows, n) fit together. */
  static void check(Matrix x, Matrix weight, float eps, Matrix y) {
    NormShapes.row("weight", weight, x);
    NormShapes.same("y", y, x);
    NormShapes.eps(eps);
  }

  /** Checks the same, and the residual (rows, n). */
  static void check(Matrix x, Matrix residual, Matrix weight, float eps, Matrix y) {
    NormShapes.same("residual", residual, x);
    check(x, weight, eps, y);
  }
}
