package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import java.util.Objects;

/**
 * Matrices of one shape at equal distances in one buffer, as the operands of a {@link BatchedGemm}
 * lie: views are made once, here, so that products allocate nothing.
 */
public final class MatrixBatch {
  private final Matrix[] views;
  private final int stride;

  /**
   * {@code count} views like {@code first}, each {@code stride} elements behind the one before it.
   *
   * @param stride 0 for one matrix that all share
   * @throws IllegalArgumentException if count or stride is negative
   * @throws IndexOutOfBoundsException if a view leaves the buffer
   */
  public MatrixBatch(Matrix first, int count, int stride) {
    if (count < 0 || stride < 0) {
      throw new IllegalArgumentException(
          "a batch needs count, stride >= 0: count=" + count + " stride=" + stride);
    }
    if (count > 0) {
      long last = first.offset() + (count - 1L) * stride;
      Objects.checkFromToIndex(first.offset(), last, first.data().length);
    }
    this.stride = stride;
    views = new Matrix[count];
    for (int i = 0; i < count; i++) {
      int offset = first.offset() + i * stride;
      views[i] = new Matrix(first.data(), offset, first.rows(), first.cols(), first.rowStride());
    }
  }

  /** How many there are. */
  public int count() {
    return views.length;
  }

  /** One of them. */
  public Matrix get(int i) {
    return views[i];
  }

  /** Elements of all of them; those of a shared one count once. */
  long elements() {
    long distinct = stride == 0 ? Math.min(1, count()) : count();
    return distinct == 0 ? 0 : distinct * views[0].rows() * views[0].cols();
  }

  /** Whether no element belongs to two of them: one behind the other, or side by side. */
  boolean disjoint() {
    if (count() < 2 || views[0].rows() == 0 || views[0].cols() == 0) {
      return true;
    }
    Matrix first = views[0];
    long width = (count() - 1L) * stride + first.cols();
    boolean behind = stride >= (first.rows() - 1L) * first.rowStride() + first.cols();
    boolean beside = stride >= first.cols() && (first.rows() == 1 || width <= first.rowStride());
    return behind || beside;
  }
}
