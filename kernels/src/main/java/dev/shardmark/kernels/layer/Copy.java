package dev.shardmark.kernels.layer;

import dev.shardmark.kernels.Matrix;

/** What a buffer held when this was made. */
final class Copy {
  private final float[] data;

  Copy(Matrix m) {
    data = m.data().clone();
  }

  /** The same view of the copy. */
  Matrix of(Matrix view) {
    return new Matrix(data, view.offset(), view.rows(), view.cols(), view.rowStride());
  }
}
