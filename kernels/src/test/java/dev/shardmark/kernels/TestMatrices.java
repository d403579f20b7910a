package dev.shardmark.kernels;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Operands that a careless kernel trips over: offsets, strides, and NaN wherever nothing is. */
public final class TestMatrices {
  private static final int OFFSET = 5;
  private static final int PAD = 3;

  private TestMatrices() {}

  /** Values in [-1, 1) behind an offset, rows apart by three NaN. */
  public static Matrix padded(int rows, int cols, SplittableRandom random) {
    return fill(nan(rows, cols), random, 0);
  }

  /** Values of magnitudes 2^-12 to 2^12, so that sums cancel. */
  public static Matrix mixed(int rows, int cols, SplittableRandom random) {
    return fill(nan(rows, cols), random, 12);
  }

  /** NaN in every element and all around. */
  public static Matrix nan(int rows, int cols) {
    int stride = cols + PAD;
    float[] data = new float[OFFSET + rows * stride + PAD];
    Arrays.fill(data, Float.NaN);
    return new Matrix(data, OFFSET, rows, cols, stride);
  }

  /** The same view of a copy of the buffer. */
  public static Matrix copy(Matrix m) {
    return new Matrix(m.data().clone(), m.offset(), m.rows(), m.cols(), m.rowStride());
  }

  /** Whether every number outside the view, NaN padding included, has the same bits in both. */
  public static boolean samePadding(Matrix before, Matrix after) {
    for (int at = 0; at < before.data().length; at++) {
      int i = Math.floorDiv(at - before.offset(), before.rowStride());
      int j = Math.floorMod(at - before.offset(), before.rowStride());
      boolean inside = i >= 0 && i < before.rows() && j < before.cols();
      if (!inside
          && Float.floatToRawIntBits(before.data()[at])
              != Float.floatToRawIntBits(after.data()[at])) {
        return false;
      }
    }
    return true;
  }

  private static Matrix fill(Matrix m, SplittableRandom random, int exponents) {
    for (int i = 0; i < m.rows(); i++) {
      for (int j = 0; j < m.cols(); j++) {
        float value = random.nextFloat() * 2 - 1;
        int exponent = random.nextInt(2 * exponents + 1) - exponents;
        m.data()[m.offset() + i * m.rowStride() + j] = Math.scalb(value, exponent);
      }
    }
    return m;
  }
}
