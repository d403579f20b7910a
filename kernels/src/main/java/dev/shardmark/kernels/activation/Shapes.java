package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Matrix;

/** The check that all contracts here share. */
final class Shapes {
  private Shapes() {}

  /** Checks that two operands are of one shape. */
  static void same(Matrix a, Matrix b) {
    if (a.rows() != b.rows() || a.cols() != b.cols()) {
      throw new IllegalArgumentException(
          "shapes disagree: " + a.rows() + "x" + a.cols() + " and " + b.rows() + "x" + b.cols());
    }
  }
}
