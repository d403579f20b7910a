package dev.shardmark.kernels;

import java.util.Objects;

/**
 * Row-major view of a float matrix: element (i, j) is {@code data[offset + i * rowStride + j]}.
 *
 * <p>The view is checked once, here, so that kernels need no checks of their own. One buffer holds
 * at most 2^31 - 1 elements.
 *
 * @param data the buffer, shared with the caller
 * @param offset index of element (0, 0)
 * @param rows rows, at least 0
 * @param cols columns, at least 0
 * @param rowStride elements from one row to the next, at least {@code cols}
 * @throws IllegalArgumentException if a dimension is negative or rows would overlap
 * @throws IndexOutOfBoundsException if an element, or where an empty row starts, lies outside the
 *     buffer
 */
public record Matrix(float[] data, int offset, int rows, int cols, int rowStride) {
  public Matrix {
    if (rows < 0 || cols < 0 || rowStride < cols) {
      throw new IllegalArgumentException(
          "a matrix needs rows, cols >= 0 and rowStride >= cols: rows="
              + rows
              + " cols="
              + cols
              + " rowStride="
              + rowStride);
    }
    long extent = rows == 0 ? 0 : (rows - 1L) * rowStride + cols;
    Objects.checkFromIndexSize(offset, extent, data.length);
  }

  /** A dense matrix over a new zeroed buffer whose first element is aligned. */
  public static Matrix zeros(int rows, int cols) {
    return new Matrix(
        AlignedFloats.allocate((long) rows * cols), AlignedFloats.START, rows, cols, cols);
  }

  /** Element (i, j); for references and tests, not for hot loops. */
  public float at(int i, int j) {
    Objects.checkIndex(i, rows);
    Objects.checkIndex(j, cols);
    return data[offset + i * rowStride + j];
  }
}
