package dev.shardmark.kernels.rope;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import java.util.Objects;

/**
 * Rotary position embedding, in place: each pair (a, b) of each head becomes {@code (a cos - b sin,
 * a sin + b cos)} of its angle at the position of its token.
 *
 * <p><b>Shapes</b> x is (tokens, heads * headDim), row-major, strides in elements; a position for
 * each token; a table of d / 2 pairs with d at most headDim. Elements of a head from d on are
 * neither read nor written, as in models that rotate a part of each head. Which elements are a pair
 * is chosen with the kernel, by {@link RopeLayout}.
 *
 * <p><b>Edge cases</b> tokens, heads or d may be 0. Position 0 of a computed table changes nothing.
 * Positions may repeat and come in any order. The table must not overlap x. Elements between the
 * rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> with u = 2^-24 and g(r) = r u / (1 - r u): {@code |a' - exact| <= g(2) * (|a cos|
 * + |b sin|)}, likewise for b', where exact takes the table's entries as they are; barring overflow
 * and underflow. A product and the sum round each term twice at most, and so does a fused
 * multiply-add; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
 * The error of the table is in {@link RopeTable#of}.
 *
 * <p><b>Work</b> {@link #work}: 6 flop a pair; x read and written once, and a row of both tables
 * read for each token.
 *
 * <p><b>Source</b> J. Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding,
 * arXiv 2104.09864, section 3.4.2.
 */
public interface Rope {
  /**
   * Rotates.
   *
   * @param positions the position of each token
   * @throws IllegalArgumentException if the shapes disagree
   * @throws IndexOutOfBoundsException if the table lacks a position; x is then unchanged
   */
  void rotate(Matrix x, int headDim, int[] positions, RopeTable table);

  /** The work of one call with {@code pairs} pairs in each head. */
  static Work work(long tokens, long heads, long pairs) {
    return new Work(
        6 * tokens * heads * pairs, 4 * (4 * tokens * heads * pairs + 2 * tokens * pairs));
  }

  /** Checks that everything fits, and every position. */
  static void check(Matrix x, int headDim, int[] positions, RopeTable table) {
    if (headDim < 1 || x.cols() % headDim != 0 || 2 * table.pairs() > headDim) {
      throw new IllegalArgumentException(
          "heads must fill a row and hold every pair: cols="
              + x.cols()
              + " headDim="
              + headDim
              + " pairs="
              + table.pairs());
    }
    if (positions.length != x.rows()) {
      throw new IllegalArgumentException(
          "every token needs a position: tokens=" + x.rows() + " positions=" + positions.length);
    }
    for (int position : positions) {
      Objects.checkIndex(position, table.positions());
    }
  }
}
