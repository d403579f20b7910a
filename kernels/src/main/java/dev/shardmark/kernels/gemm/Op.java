package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;

/** How an operand of a product is read: as it is stored, or by columns. */
public enum Op {
  PLAIN,
  TRANSPOSED;

  /** The other one: op.flipped()(x) is the transpose of op(x). */
  public Op flipped() {
    return this == PLAIN ? TRANSPOSED : PLAIN;
  }

  /** Rows of op(x). */
  public int rows(Matrix x) {
    return this == PLAIN ? x.rows() : x.cols();
  }

  /** Columns of op(x). */
  public int cols(Matrix x) {
    return this == PLAIN ? x.cols() : x.rows();
  }

  /** Element (i, j) of op(x); for references and tests. */
  public float at(Matrix x, int i, int j) {
    return this == PLAIN ? x.at(i, j) : x.at(j, i);
  }

  /** Elements from op(x)[i][j] to op(x)[i + 1][j]. */
  int rowStep(Matrix x) {
    return this == PLAIN ? x.rowStride() : 1;
  }

  /** Elements from op(x)[i][j] to op(x)[i][j + 1]. */
  int colStep(Matrix x) {
    return this == PLAIN ? 1 : x.rowStride();
  }
}
