package dev.shardmark.kernels.softmax;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.Arrays;

/** Runs one softmax and its logarithm, in place and not, and says what is wrong, if anything. */
final class SoftmaxHarness {
  private SoftmaxHarness() {}

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(Softmax softmax, float scale, Matrix x, int[] valid) {
    for (boolean log : new boolean[] {false, true}) {
      for (boolean inPlace : new boolean[] {false, true}) {
        String fault = fault(softmax, scale, x, valid, log, inPlace);
        if (fault != null) {
          String counts = valid == null ? "all" : Arrays.toString(valid);
          return fault
              + (" rows=" + x.rows() + " cols=" + x.cols() + " scale=" + scale)
              + (" valid=" + counts + " log=" + log + " inPlace=" + inPlace);
        }
      }
    }
    return null;
  }

  private static String fault(
      Softmax softmax, float scale, Matrix x, int[] valid, boolean log, boolean inPlace) {
    Matrix before = inPlace ? x : TestMatrices.nan(x.rows(), x.cols());
    Matrix y = TestMatrices.copy(before);
    Matrix from = inPlace ? y : TestMatrices.copy(x);
    float[] logSumExp = new float[x.rows()];
    double worst;
    if (log) {
      softmax.logSoftmax(scale, from, valid, y, logSumExp);
      worst = SoftmaxCheck.worstLog(scale, x, valid, y, logSumExp);
    } else {
      softmax.softmax(scale, from, valid, y, logSumExp);
      worst = SoftmaxCheck.worst(scale, x, valid, y, logSumExp);
    }
    if (!(worst <= 1)) {
      return "error over bound is " + worst;
    }
    if (!inPlace && !Arrays.equals(from.data(), x.data())) {
      return "changed X";
    }
    return TestMatrices.samePadding(before, y) ? null : "wrote outside Y";
  }
}
