package dev.shardmark.kernels.norm;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.SplittableRandom;

/** Runs one normalisation on difficult operands and says what is wrong with it, if anything. */
final class NormHarness {
  static final float EPS = 1e-5f;

  private NormHarness() {}

  /** Null when right, otherwise what is wrong, and where. */
  static String rms(RmsNorm norm, int rows, int n, boolean mixed, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix x = operand(rows, n, mixed, random);
    Matrix weight = TestMatrices.padded(1, n, random);
    Matrix before = TestMatrices.nan(rows, n);
    Matrix y = TestMatrices.copy(before);
    norm.normalize(x, weight, EPS, y);
    return fault(ReferenceNorm.rms(x, weight, EPS), before, y, seed);
  }

  static String addRms(RmsNorm norm, int rows, int n, boolean mixed, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix x = operand(rows, n, mixed, random);
    Matrix residual = operand(rows, n, mixed, random);
    Matrix weight = TestMatrices.padded(1, n, random);
    Matrix sum = ReferenceNorm.sum(x, residual);
    Matrix before = TestMatrices.nan(rows, n);
    Matrix y = TestMatrices.copy(before);
    Matrix summed = TestMatrices.copy(residual);
    norm.addAndNormalize(x, summed, weight, EPS, y);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        if (summed.at(i, j) != sum.at(i, j)) {
          return "wrong residual at " + i + ", " + j + " seed=" + seed;
        }
      }
    }
    if (!TestMatrices.samePadding(residual, summed)) {
      return "wrote outside the residual, seed=" + seed;
    }
    return fault(ReferenceNorm.rms(sum, weight, EPS), before, y, seed);
  }

  /** {@code mean} is added to every element, to make the variance a small difference. */
  static String layer(LayerNorm norm, int rows, int n, boolean mixed, float mean, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix x = operand(rows, n, mixed, random);
    for (int at = 0; at < x.data().length; at++) {
      x.data()[at] += mean; // NaN padding stays NaN
    }
    Matrix weight = TestMatrices.padded(1, n, random);
    Matrix bias = TestMatrices.padded(1, n, random);
    Matrix before = TestMatrices.nan(rows, n);
    Matrix y = TestMatrices.copy(before);
    norm.normalize(x, weight, bias, EPS, y);
    return fault(ReferenceNorm.layer(x, weight, bias, EPS), before, y, seed);
  }

  private static String fault(Expected expected, Matrix before, Matrix y, long seed) {
    double worst = expected.worst(y);
    String at = " rows=" + y.rows() + " n=" + y.cols() + " seed=" + seed;
    if (!(worst <= 1)) {
      return "error over bound is " + worst + at;
    }
    return TestMatrices.samePadding(before, y) ? null : "wrote outside y" + at;
  }

  private static Matrix operand(int rows, int n, boolean mixed, SplittableRandom random) {
    return mixed ? TestMatrices.mixed(rows, n, random) : TestMatrices.padded(rows, n, random);
  }
}
