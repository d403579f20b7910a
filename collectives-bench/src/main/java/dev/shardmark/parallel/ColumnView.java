package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;

/** Some columns of a matrix that is the same from step to step: one view is kept. */
public final class ColumnView {
  private final int first;
  private final int cols;
  private Matrix of;
  private Matrix view;

  /** So many columns from one on. */
  public ColumnView(int first, int cols) {
    this.first = first;
    this.cols = cols;
  }

  /** These columns of a matrix. */
  public Matrix of(Matrix m) {
    if (m != of) {
      of = m;
      int offset = m.rows() == 0 ? m.offset() : m.offset() + first;
      view = new Matrix(m.data(), offset, m.rows(), cols, m.rowStride());
    }
    return view;
  }
}
