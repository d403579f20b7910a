package dev.shardmark.kernels.activation;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.SplittableRandom;

/** Runs one activation on difficult operands and says what is wrong with it, if anything. */
final class ActivationHarness {
  private ActivationHarness() {}

  /** Null when right, otherwise what is wrong, and where. */
  static String swiGlu(SwiGlu kernel, int rows, int cols, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix gate = TestMatrices.mixed(rows, cols, random);
    Matrix up = TestMatrices.padded(rows, cols, random);
    Matrix before = TestMatrices.nan(rows, cols);
    Matrix y = TestMatrices.copy(before);
    kernel.apply(gate, up, y);
    return fault(ReferenceActivation.swiGlu(gate, up), before, y, seed);
  }

  static String gelu(Gelu kernel, GeluForm form, int rows, int cols, long seed) {
    Matrix x = TestMatrices.mixed(rows, cols, new SplittableRandom(seed));
    Matrix before = TestMatrices.nan(rows, cols);
    Matrix y = TestMatrices.copy(before);
    kernel.apply(x, y);
    return fault(ReferenceActivation.gelu(form, x), before, y, seed);
  }

  static String residualAdd(ResidualAdd kernel, int rows, int cols, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix x = TestMatrices.mixed(rows, cols, random);
    Matrix before = TestMatrices.mixed(rows, cols, random);
    Matrix residual = TestMatrices.copy(before);
    kernel.add(x, residual);
    return fault(ReferenceActivation.sum(x, before), before, residual, seed);
  }

  private static String fault(Expected expected, Matrix before, Matrix y, long seed) {
    double worst = expected.worst(y);
    String at = " rows=" + y.rows() + " cols=" + y.cols() + " seed=" + seed;
    if (!(worst <= 1)) {
      return "error over bound is " + worst + at;
    }
    return TestMatrices.samePadding(before, y) ? null : "wrote outside y" + at;
  }
}
