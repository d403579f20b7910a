package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/**
 * The oracle: the triple loop in double, with the error a float kernel may make at each element.
 *
 * <p>Not a {@link Gemm}, so that no choice of variant can ever time it or compare it with itself.
 */
public final class ReferenceGemm {
  private ReferenceGemm() {}

  /**
   * Computes what {@code multiply} should leave in C, bounded by g(k + 2) * (|alpha| * |A| * |B| +
   * |beta| * |C|); C itself is not changed.
   */
  public static Expected multiply(
      float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    int m = c.rows();
    int n = c.cols();
    Expected expected = Expected.zeros(m, n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        element(alpha, opA, a, opB, b, beta, c, i, j, expected, i * n + j);
      }
    }
    return expected;
  }

  /** Computes element (i, j) alone, into position {@code at}. */
  static void element(
      float alpha,
      Op opA,
      Matrix a,
      Op opB,
      Matrix b,
      float beta,
      Matrix c,
      int i,
      int j,
      Expected out,
      int at) {
    int k = opA.cols(a);
    double sum = 0;
    double magnitude = 0;
    for (int p = 0; p < k; p++) {
      double product = (double) opA.at(a, i, p) * opB.at(b, p, j);
      sum += product;
      magnitude += Math.abs(product);
    }
    double old = beta == 0 ? 0 : (double) beta * c.at(i, j);
    double bound = Rounding.gamma(k + 2) * (Math.abs(alpha) * magnitude + Math.abs(old));
    out.set(at, alpha * sum + old, bound);
  }
}
