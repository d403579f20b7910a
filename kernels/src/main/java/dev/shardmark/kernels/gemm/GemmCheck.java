package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import java.util.SplittableRandom;

/**
 * Tells whether a large product is right, in less time than it took: its largest error over allowed
 * error, which must not exceed 1. {@link ReferenceGemm} does so for every element of a small one.
 */
public final class GemmCheck {
  /** Elements of a large product that are compared one by one, in O(k) each. */
  private static final int SAMPLES = 100;

  private static final long SEED = 42;

  private GemmCheck() {}

  /**
   * Checks {@code C = alpha A B} (beta = 0) in O(m n + m k + k n): every row of {@code C x} against
   * {@code alpha A (B x)} for a random x of +-1, all in double, and {@value #SAMPLES} elements one
   * by one, the corners among them.
   *
   * <p>Row i of the residual is bounded by g(k + 2) (|alpha| |A| |B| |x|)_i, the sum of the bounds
   * of its elements.
   */
  public static double worstOfLarge(float alpha, Matrix a, Matrix b, Matrix c) {
    Gemm.checkShapes(Op.PLAIN, a, Op.PLAIN, b, c);
    SplittableRandom random = new SplittableRandom(SEED);
    return Math.max(worstRow(alpha, a, b, c, random), worstSample(alpha, a, b, c, random));
  }

  private static double worstRow(
      float alpha, Matrix a, Matrix b, Matrix c, SplittableRandom random) {
    double[] x = new double[b.cols()];
    for (int j = 0; j < x.length; j++) {
      x[j] = random.nextBoolean() ? 1 : -1;
    }
    double[] bx = new double[b.rows()];
    double[] absB = new double[b.rows()];
    for (int p = 0; p < b.rows(); p++) {
      int row = b.offset() + p * b.rowStride();
      bx[p] = dot(b.data(), row, x);
      absB[p] = sumOfMagnitudes(b.data(), row, x.length);
    }
    double worst = 0;
    for (int i = 0; i < c.rows(); i++) {
      double want = 0;
      double magnitude = 0;
      for (int p = 0; p < bx.length; p++) {
        want += a.at(i, p) * bx[p];
        magnitude += Math.abs(a.at(i, p)) * absB[p];
      }
      double got = dot(c.data(), c.offset() + i * c.rowStride(), x);
      double bound = Rounding.gamma(a.cols() + 2) * Math.abs(alpha) * magnitude;
      worst = Math.max(worst, Expected.ratio(got, alpha * want, bound));
    }
    return worst;
  }

  // Four sums each, because one sum waits for every addition before it.

  private static double dot(float[] row, int at, double[] x) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= x.length; j += 4) {
      s0 += row[at + j] * x[j];
      s1 += row[at + j + 1] * x[j + 1];
      s2 += row[at + j + 2] * x[j + 2];
      s3 += row[at + j + 3] * x[j + 3];
    }
    for (; j < x.length; j++) {
      s0 += row[at + j] * x[j];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static double sumOfMagnitudes(float[] row, int at, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= length; j += 4) {
      s0 += Math.abs(row[at + j]);
      s1 += Math.abs(row[at + j + 1]);
      s2 += Math.abs(row[at + j + 2]);
      s3 += Math.abs(row[at + j + 3]);
    }
    for (; j < length; j++) {
      s0 += Math.abs(row[at + j]);
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static double worstSample(
      float alpha, Matrix a, Matrix b, Matrix c, SplittableRandom random) {
    if (c.rows() == 0 || c.cols() == 0) {
      return 0;
    }
    Expected one = Expected.zeros(1, 1);
    double worst = 0;
    for (int s = 0; s < SAMPLES; s++) {
      int i = s < 4 ? s / 2 * (c.rows() - 1) : random.nextInt(c.rows());
      int j = s < 4 ? s % 2 * (c.cols() - 1) : random.nextInt(c.cols());
      ReferenceGemm.element(alpha, Op.PLAIN, a, Op.PLAIN, b, 0, c, i, j, one, 0);
      worst = Math.max(worst, Expected.ratio(c.at(i, j), one.value()[0], one.bound()[0]));
    }
    return worst;
  }
}
