package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Gaussian error linear unit, {@code y = x Phi(x)}, or its approximation by tanh: which of them is
 * chosen with the kernel, by {@link GeluForm}, as they are different functions.
 *
 * <p><b>Shapes</b> x and y are (rows, cols), row-major, strides in elements.
 *
 * <p><b>Edge cases</b> rows or cols may be 0. y may be the same view as x; otherwise they must not
 * overlap. NaN gives NaN; so does minus infinity, which both formulas multiply by 0. Elements
 * between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> of the exact form: {@code |y - exact| <= (g(16) + x^2 u) |exact| + 2^-121}. The
 * tail Phi(-|x|) is e^(-x^2 / 2) times a polynomial in 1 / (1 + 0.35 |x|) that is fitted to 0.6 u;
 * the rounding of x^2 / 2 grows with it. Of the tanh form, computed as {@code x / (1 + e^w)} with
 * {@code w = -2 sqrt(2 / pi) (x + 0.044715 x^3)}: {@code |y - exact| <= (g(6) + 5 u |w| e^w / (1 +
 * e^w)) |exact| + 2^-121}, as w takes four roundings of terms of one sign. Both where e^w does not
 * lose its meaning, which the last term is for.
 *
 * <p><b>Work</b> {@link #work}: 7 flop an element in the tanh form, an exponential counted as one;
 * 2 in the exact form, Phi counted as one. x read once and y written once.
 *
 * <p><b>Source</b> D. Hendrycks and K. Gimpel, Gaussian Error Linear Units, arXiv 1606.08415,
 * section 2.
 */
public interface Gelu {
  /**
   * Activates.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  void apply(Matrix x, Matrix y);

  /** The work of one call. */
  static Work work(GeluForm form, long rows, long cols) {
    return new Work((form == GeluForm.TANH ? 7 : 2) * rows * cols, 8 * rows * cols);
  }
}
