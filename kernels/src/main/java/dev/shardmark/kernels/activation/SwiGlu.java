package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Gated activation of an MLP, {@code y = silu(gate) * up} with {@code silu(x) = x / (1 + e^-x)}.
 *
 * <p><b>Shapes</b> gate, up and y are (rows, cols), row-major, strides in elements; gate and up may
 * be two halves of the rows of one matrix.
 *
 * <p><b>Edge cases</b> rows or cols may be 0. y may be the same view as gate or up; otherwise it
 * must not overlap them. NaN gives NaN; so does a gate of minus infinity, which the formula divides
 * by infinity. Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> {@code |y - exact| <= g(6) * |exact| + 2^-121 |up|}, barring overflow and
 * underflow of the product: an exponential within 1 ulp, which is two roundings, then three
 * roundings. The second term is silu where e^-x overflows and the result is 0.
 *
 * <p><b>Work</b> {@link #work}: 4 flop an element, an exponential counted as one; gate and up read
 * once and y written once.
 *
 * <p><b>Source</b> N. Shazeer, GLU Variants Improve Transformer, arXiv 2002.05202, section 2.
 */
public interface SwiGlu {
  /**
   * Activates.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  void apply(Matrix gate, Matrix up, Matrix y);

  /** The work of one call. */
  static Work work(long rows, long cols) {
    return new Work(4 * rows * cols, 12 * rows * cols);
  }
}
