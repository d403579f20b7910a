package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Residual connection, in place: {@code residual = residual + x}.
 *
 * <p><b>Shapes</b> x and residual are (rows, cols), row-major, strides in elements.
 *
 * <p><b>Edge cases</b> rows or cols may be 0. The two must not overlap. NaN and infinities add as
 * IEEE 754 says. Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> none beyond the rounding of each sum: every element is the float nearest to it.
 *
 * <p><b>Work</b> {@link #work}: 1 flop an element; both read once and one written once.
 *
 * <p><b>Source</b> K. He et al., Deep Residual Learning for Image Recognition, arXiv 1512.03385,
 * section 3.2.
 */
public interface ResidualAdd {
  /**
   * Adds.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  void add(Matrix x, Matrix residual);

  /** The work of one call. */
  static Work work(long rows, long cols) {
    return new Work(rows * cols, 12 * rows * cols);
  }
}
