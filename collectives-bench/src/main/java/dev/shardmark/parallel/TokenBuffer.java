package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;

/**
 * Memory for a vector of each token, kept from step to step: a new view is made when the number of
 * tokens changes, and new memory when there are more than ever.
 */
public final class TokenBuffer {
  private final int cols;
  private Matrix all;
  private Matrix view;

  /** A buffer without rows. */
  public TokenBuffer(int cols) {
    this.cols = cols;
    all = Matrix.zeros(0, cols);
    view = all;
  }

  /** So many rows; what they hold is left from before. */
  public Matrix rows(int rows) {
    if (rows > all.rows()) {
      all = Matrix.zeros(rows, cols);
    }
    if (rows != view.rows() || view.data() != all.data()) {
      view = new Matrix(all.data(), all.offset(), rows, cols, cols);
    }
    return view;
  }
}
