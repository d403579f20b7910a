package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;

/**
 * Single-precision matrix multiply, {@code C = alpha * op(A) * op(B) + beta * C}, where op leaves
 * an operand as it is or transposes it.
 *
 * <p><b>Shapes</b> op(A) is (m, k), op(B) is (k, n), C is (m, n); row-major, strides in elements. C
 * must not overlap A or B.
 *
 * <p><b>Edge cases</b> m, n or k may be 0; with k = 0 the product is 0 and C becomes {@code beta *
 * C}. When {@code beta == 0} C is written but never read, so it may hold NaN. With {@code alpha ==
 * 0} NaN and infinities of A and B may or may not reach C: libraries leave the operands unread.
 * Elements between the rows of a strided view are neither read nor written.
 *
 * <p><b>Error</b> for every (i, j), with u = 2^-24 and g(r) = r u / (1 - r u): {@code |C - exact|
 * <= g(k + 2) * (|alpha| * |A| * |B| + |beta| * |C|)}, barring overflow and underflow; N. J.
 * Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
 *
 * <p><b>Work</b> {@link #work}: 2 m n k flop; A and B read once and C written once, 4 (m k + k n +
 * m n) bytes.
 *
 * <p><b>Threading</b> one thread, one instance per rank: an instance may own scratch.
 *
 * <p><b>Source</b> K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication,
 * ACM TOMS 34(3), 2008.
 */
public interface Gemm {
  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c);

  /** Multiplies operands as they are stored. */
  default void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    multiply(alpha, Op.PLAIN, a, Op.PLAIN, b, beta, c);
  }

  /** The work of one product with beta = 0. */
  static Work work(long m, long n, long k) {
    return new Work(2 * m * n * k, 4 * (m * k + k * n + m * n));
  }

  /** Checks that op(A) (m, k), op(B) (k, n) and C (m, n) fit together. */
  static void checkShapes(Op opA, Matrix a, Op opB, Matrix b, Matrix c) {
    if (opA.cols(a) != opB.rows(b) || opA.rows(a) != c.rows() || opB.cols(b) != c.cols()) {
      throw new IllegalArgumentException(
          "shapes disagree: op(A) is "
              + opA.rows(a)
              + "x"
              + opA.cols(a)
              + ", op(B) is "
              + opB.rows(b)
              + "x"
              + opB.cols(b)
              + ", C is "
              + c.rows()
              + "x"
              + c.cols());
    }
  }
}
