package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Matrix;

/** The checks that both contracts share. */
final class NormShapes {
  private NormShapes() {}

  /** Checks that a matrix is as large as x. */
  static void same(String name, Matrix matrix, Matrix x) {
    if (matrix.rows() != x.rows() || matrix.cols() != x.cols()) {
      refuse(name, matrix, x);
    }
  }

  /** Checks that a vector is one row as long as those of x. */
  static void row(String name, Matrix vector, Matrix x) {
    if (vector.rows() != 1 || vector.cols() != x.cols()) {
      refuse(name, vector, x);
    }
  }

  /** Checks eps: smaller ones could be lost beside squares that underflow. */
  static void eps(float eps) {
    if (!(eps >= Float.MIN_NORMAL && eps <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("eps must be a normal positive float: eps=" + eps);
    }
  }

  private static void refuse(String name, Matrix matrix, Matrix x) {
    throw new IllegalArgumentException(
        "shapes disagree: x is "
            + x.rows()
            + "x"
            + x.cols()
            + ", "
            + name
            + " is "
            + matrix.rows()
            + "x"
            + matrix.cols());
  }
}
