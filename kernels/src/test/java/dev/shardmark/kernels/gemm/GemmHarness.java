package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import java.util.SplittableRandom;

/** Runs one product on difficult operands and says what is wrong with it, if anything. */
final class GemmHarness {
  private GemmHarness() {}

  /** A product of operands as they are stored. */
  static String fault(
      Gemm gemm, int m, int n, int k, float alpha, float beta, boolean mixed, long seed) {
    return fault(gemm, Op.PLAIN, Op.PLAIN, m, n, k, alpha, beta, mixed, seed);
  }

  /** Null when right, otherwise a sentence with the shape. */
  static String fault(
      Gemm gemm,
      Op opA,
      Op opB,
      int m,
      int n,
      int k,
      float alpha,
      float beta,
      boolean mixed,
      long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix a = opA == Op.PLAIN ? operand(m, k, mixed, random) : operand(k, m, mixed, random);
    Matrix b = opB == Op.PLAIN ? operand(k, n, mixed, random) : operand(n, k, mixed, random);
    Matrix before = beta == 0 ? TestMatrices.nan(m, n) : operand(m, n, mixed, random);
    Matrix c = TestMatrices.copy(before);
    gemm.multiply(alpha, opA, a, opB, b, beta, c);
    double worst = ReferenceGemm.multiply(alpha, opA, a, opB, b, beta, before).worst(c);
    String at =
        " " + opA + " " + opB + " m=" + m + " n=" + n + " k=" + k + " alpha=" + alpha + " beta="
            + beta + " seed=" + seed;
    if (!(worst <= 1)) {
      return "error over bound is " + worst + at;
    }
    return TestMatrices.samePadding(before, c) ? null : "wrote outside C" + at;
  }

  private static Matrix operand(int rows, int cols, boolean mixed, SplittableRandom random) {
    return mixed ? TestMatrices.mixed(rows, cols, random) : TestMatrices.padded(rows, cols, random);
  }
}
