package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@code C = alpha A B + beta C} for few rows of A, as in decoding: B is read once, row by row, and
 * not packed, since a packed copy would cost as much as the product.
 *
 * <p>Four rows of B at a time, {@value #COLUMNS} columns wide, stay in L1 while pairs of rows of A
 * pass over them: 8 FMAs for 4 + 2 loads and 2 stores. The columns that fill no vector are done in
 * plain code.
 */
final class SkinnyVectorGemm {
  /** 4 rows x 512 columns x 4 bytes = 8 KiB. */
  private static final int COLUMNS = 512;

  private static final int DEPTH = 4;

  private SkinnyVectorGemm() {}

  /** Multiplies A (m, k) by B (k, n) into C (m, n). */
  static void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    int n = c.cols();
    int k = a.cols();
    for (int i = 0; i < c.rows(); i++) {
      Scaling.row(c.data(), c.offset() + i * c.rowStride(), n, beta);
    }
    for (int p = 0; p < k; p += DEPTH) {
      int depth = Math.min(DEPTH, k - p);
      for (int j = 0; j < n; j += COLUMNS) {
        int columns = Math.min(COLUMNS, n - j);
        if (depth == DEPTH) {
          strip(alpha, a, b, c, p, j, columns);
        } else {
          for (int i = 0; i < c.rows(); i++) {
            scalar(alpha, a, b, c, i, p, depth, j, columns);
          }
        }
      }
    }
  }

  /** Adds four steps of k to {@code columns} of every row of C. */
  private static void strip(float alpha, Matrix a, Matrix b, Matrix c, int p, int j, int columns) {
    int whole = columns - columns % LANES;
    int rows = c.rows();
    int bAt = b.offset() + p * b.rowStride() + j;
    int i = 0;
    for (; i + 2 <= rows; i += 2) {
      int aAt = a.offset() + i * a.rowStride() + p;
      int cAt = c.offset() + i * c.rowStride() + j;
      twoRows(
          alpha,
          a.data(),
          aAt,
          aAt + a.rowStride(),
          b.data(),
          bAt,
          b.rowStride(),
          c.data(),
          cAt,
          cAt + c.rowStride(),
          whole);
    }
    if (i < rows) {
      int aAt = a.offset() + i * a.rowStride() + p;
      int cAt = c.offset() + i * c.rowStride() + j;
      oneRow(alpha, a.data(), aAt, b.data(), bAt, b.rowStride(), c.data(), cAt, whole);
    }
    if (whole < columns) {
      for (i = 0; i < rows; i++) {
        scalar(alpha, a, b, c, i, p, DEPTH, j + whole, columns - whole);
      }
    }
  }

  private static void twoRows(
      float alpha,
      float[] a,
      int a0,
      int a1,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int c0,
      int c1,
      int length) {
    FloatVector a00 = FloatVector.broadcast(F, alpha * a[a0]);
    FloatVector a01 = FloatVector.broadcast(F, alpha * a[a0 + 1]);
    FloatVector a02 = FloatVector.broadcast(F, alpha * a[a0 + 2]);
    FloatVector a03 = FloatVector.broadcast(F, alpha * a[a0 + 3]);
    FloatVector a10 = FloatVector.broadcast(F, alpha * a[a1]);
    FloatVector a11 = FloatVector.broadcast(F, alpha * a[a1 + 1]);
    FloatVector a12 = FloatVector.broadcast(F, alpha * a[a1 + 2]);
    FloatVector a13 = FloatVector.broadcast(F, alpha * a[a1 + 3]);
    int b1 = bAt + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < length; j += LANES) {
      FloatVector bv = FloatVector.fromArray(F, b, bAt + j);
      FloatVector x = a00.fma(bv, FloatVector.fromArray(F, c, c0 + j));
      FloatVector y = a10.fma(bv, FloatVector.fromArray(F, c, c1 + j));
      bv = FloatVector.fromArray(F, b, b1 + j);
      x = a01.fma(bv, x);
      y = a11.fma(bv, y);
      bv = FloatVector.fromArray(F, b, b2 + j);
      x = a02.fma(bv, x);
      y = a12.fma(bv, y);
      bv = FloatVector.fromArray(F, b, b3 + j);
      x = a03.fma(bv, x);
      y = a13.fma(bv, y);
      x.intoArray(c, c0 + j);
      y.intoArray(c, c1 + j);
    }
  }

  private static void oneRow(
      float alpha,
      float[] a,
      int aAt,
      float[] b,
      int bAt,
      int ldb,
      float[] c,
      int cAt,
      int length) {
    FloatVector a0 = FloatVector.broadcast(F, alpha * a[aAt]);
    FloatVector a1 = FloatVector.broadcast(F, alpha * a[aAt + 1]);
    FloatVector a2 = FloatVector.broadcast(F, alpha * a[aAt + 2]);
    FloatVector a3 = FloatVector.broadcast(F, alpha * a[aAt + 3]);
    int b1 = bAt + ldb;
    int b2 = b1 + ldb;
    int b3 = b2 + ldb;
    for (int j = 0; j < length; j += LANES) {
      FloatVector x = FloatVector.fromArray(F, c, cAt + j);
      x = a0.fma(FloatVector.fromArray(F, b, bAt + j), x);
      x = a1.fma(FloatVector.fromArray(F, b, b1 + j), x);
      x = a2.fma(FloatVector.fromArray(F, b, b2 + j), x);
      x = a3.fma(FloatVector.fromArray(F, b, b3 + j), x);
      x.intoArray(c, cAt + j);
    }
  }

  /** Adds {@code depth} steps of k to part of row i of C. */
  private static void scalar(
      float alpha, Matrix a, Matrix b, Matrix c, int i, int p, int depth, int j, int columns) {
    int cAt = c.offset() + i * c.rowStride() + j;
    for (int q = p; q < p + depth; q++) {
      float scaled = alpha * a.data()[a.offset() + i * a.rowStride() + q];
      int bAt = b.offset() + q * b.rowStride() + j;
      for (int x = 0; x < columns; x++) {
        c.data()[cAt + x] = Math.fma(scaled, b.data()[bAt + x], c.data()[cAt + x]);
      }
    }
  }
}
