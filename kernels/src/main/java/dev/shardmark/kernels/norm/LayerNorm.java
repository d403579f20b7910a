package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Layer normalisation of each row, {@code y_j = (x_j - mu) / sqrt(v + eps) * w_j + b_j} with the
 * mean mu and the variance {@code v = mean((x - mu)^2)}.
 *
 * <p><b>Shapes</b> x and y are (rows, n), row-major, strides in elements; the weight w and the bias
 * b are (1, n).
 *
 * <p><b>Edge cases</b> rows or n may be 0; then nothing is written. A row of equal numbers becomes
 * b, up to the error below. y may be the same view as x; otherwise no two may overlap. A NaN or an
 * infinity makes its row NaN. eps must be at least {@link Float#MIN_NORMAL}. Elements between the
 * rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> with u = 2^-24, g(r) = r u / (1 - r u), s = sqrt(v + eps), D = |x_j - mu| / s and
 * E = g(n) mean|x| / s: {@code |y_j - exact| <= |w_j| (E + (g(n / 2 + 9) + E^2 / 2) (D + E)) + g(2)
 * |b_j|}, barring overflow and underflow. E is the error of the mean, at most n roundings, which
 * moves every x_j - mu alike; as these sum to 0 it changes v by its square alone. The variance is n
 * + 5 roundings of terms of one sign, of which the root leaves half; six more follow; N. J. Higham,
 * Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1. A difference of mean(x^2)
 * and mu^2 does not meet this bound.
 *
 * <p><b>Work</b> {@link #work}: 7 flop an element; x, w and b read once and y written once.
 *
 * <p><b>Source</b> J. L. Ba, J. R. Kiros and G. E. Hinton, Layer Normalization, arXiv 1607.06450,
 * section 3; eps as in the code of models.
 */
public interface LayerNorm {
  /**
   * Normalises.
   *
   * @throws IllegalArgumentException if the shapes disagree or eps is too small
   */
  void normalize(Matrix x, Matrix weight, Matrix bias, float eps, Matrix y);

  /** The work of one call. */
  static Work work(long rows, long n) {
    return new Work(7 * rows * n, 4 * (2 * rows * n + 2 * n));
  }

  /** Checks that x (rows, n), w and b (1, n) and y (rows, n) fit together. */
  static void check(Matrix x, Matrix weight, Matrix bias, float eps, Matrix y) {
    NormShapes.row("weight", weight, x);
    NormShapes.row("bias", bias, x);
    NormShapes.same("y", y, x);
    NormShapes.eps(eps);
  }
}
