package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.LaneSum;
import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@code C = alpha A B^T + beta C} for few rows of A, with B stored by rows of k as checkpoints
 * store weights: every element of C is a dot product, and B is read once for each pair of rows.
 *
 * <p>Two rows of A by four of B: 8 accumulators for 6 loads. Lanes are added up once for each
 * element, after the loop over k.
 */
final class DotVectorGemm {
  private static final int COLUMNS = 4;

  private final float[] lanes = new float[LANES];

  private final float[] sums = new float[2 * COLUMNS];

  /** Multiplies A (m, k) by the transpose of B (n, k) into C (m, n). */
  void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    for (int j = 0; j < c.cols(); j += COLUMNS) {
      int columns = Math.min(COLUMNS, c.cols() - j);
      for (int i = 0; i < c.rows(); i += 2) {
        int rows = Math.min(2, c.rows() - i);
        int a0 = a.offset() + i * a.rowStride();
        int b0 = b.offset() + j * b.rowStride();
        if (rows == 2 && columns == COLUMNS) {
          tile(a.data(), a0, a.rowStride(), b.data(), b0, b.rowStride(), a.cols(), sums);
        } else {
          for (int r = 0; r < rows; r++) {
            for (int s = 0; s < columns; s++) {
              int aAt = a0 + r * a.rowStride();
              int bAt = b0 + s * b.rowStride();
              sums[r * COLUMNS + s] = dot(a.data(), aAt, b.data(), bAt, a.cols());
            }
          }
        }
        store(alpha, sums, rows, columns, beta, c, c.offset() + i * c.rowStride() + j);
      }
    }
  }

  private void tile(float[] a, int a0, int lda, float[] b, int b0, int ldb, int k, float[] sums) {
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    int a1 = a0 + lda;
    int b1 = b0 + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    int whole = F.loopBound(k);
    for (int p = 0; p < whole; p += LANES) {
      FloatVector x0 = FloatVector.fromArray(F, a, a0 + p);
      FloatVector x1 = FloatVector.fromArray(F, a, a1 + p);
      FloatVector y = FloatVector.fromArray(F, b, b0 + p);
      s00 = x0.fma(y, s00);
      s10 = x1.fma(y, s10);
      y = FloatVector.fromArray(F, b, b1 + p);
      s01 = x0.fma(y, s01);
      s11 = x1.fma(y, s11);
      y = FloatVector.fromArray(F, b, b2 + p);
      s02 = x0.fma(y, s02);
      s12 = x1.fma(y, s12);
      y = FloatVector.fromArray(F, b, b3 + p);
      s03 = x0.fma(y, s03);
      s13 = x1.fma(y, s13);
    }
    int rest = k - whole;
    s00.intoArray(lanes, 0);
    sums[0] = LaneSum.of(lanes) + tail(a, a0 + whole, b, b0 + whole, rest);
    s01.intoArray(lanes, 0);
    sums[1] = LaneSum.of(lanes) + tail(a, a0 + whole, b, b1 + whole, rest);
    s02.intoArray(lanes, 0);
    sums[2] = LaneSum.of(lanes) + tail(a, a0 + whole, b, b2 + whole, rest);
    s03.intoArray(lanes, 0);
    sums[3] = LaneSum.of(lanes) + tail(a, a0 + whole, b, b3 + whole, rest);
    s10.intoArray(lanes, 0);
    sums[4] = LaneSum.of(lanes) + tail(a, a1 + whole, b, b0 + whole, rest);
    s11.intoArray(lanes, 0);
    sums[5] = LaneSum.of(lanes) + tail(a, a1 + whole, b, b1 + whole, rest);
    s12.intoArray(lanes, 0);
    sums[6] = LaneSum.of(lanes) + tail(a, a1 + whole, b, b2 + whole, rest);
    s13.intoArray(lanes, 0);
    sums[7] = LaneSum.of(lanes) + tail(a, a1 + whole, b, b3 + whole, rest);
  }

  /** One dot product, in four chains of additions. */
  private float dot(float[] a, int aAt, float[] b, int bAt, int k) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int p = 0;
    for (; p <= k - 4 * LANES; p += 4 * LANES) {
      s0 = FloatVector.fromArray(F, a, aAt + p).fma(FloatVector.fromArray(F, b, bAt + p), s0);
      int q = p + LANES;
      s1 = FloatVector.fromArray(F, a, aAt + q).fma(FloatVector.fromArray(F, b, bAt + q), s1);
      q += LANES;
      s2 = FloatVector.fromArray(F, a, aAt + q).fma(FloatVector.fromArray(F, b, bAt + q), s2);
      q += LANES;
      s3 = FloatVector.fromArray(F, a, aAt + q).fma(FloatVector.fromArray(F, b, bAt + q), s3);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
    float sum = LaneSum.of(lanes);
    return sum + tail(a, aAt + p, b, bAt + p, k - p);
  }

  private static float tail(float[] a, int aAt, float[] b, int bAt, int length) {
    float sum = 0;
    for (int p = 0; p < length; p++) {
      sum = Math.fma(a[aAt + p], b[bAt + p], sum);
    }
    return sum;
  }

  private static void store(
      float alpha, float[] sums, int rows, int columns, float beta, Matrix c, int at) {
    for (int r = 0; r < rows; r++, at += c.rowStride()) {
      for (int s = 0; s < columns; s++) {
        float product = alpha * sums[r * COLUMNS + s];
        c.data()[at + s] = beta == 0 ? product : Math.fma(beta, c.data()[at + s], product);
      }
    }
  }
}
