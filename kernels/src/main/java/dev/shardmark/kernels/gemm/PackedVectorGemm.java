package dev.shardmark.kernels.gemm;

import dev.shardmark.kernels.Matrix;

/**
 * {@code C = alpha op(A) B + beta C} with B packed beforehand; contract and error as {@link Gemm}.
 *
 * <p>With up to {@value #MC} rows B is read once, in the order it lies in memory, whatever m is: a
 * tile of few rows still multiplies faster than memory delivers.
 */
public final class PackedVectorGemm {
  private static final int MC = 132;

  private final MicroKernel kernel = VectorGemm.microKernel();
  private final MacroKernel macro = new MacroKernel(kernel);
  private float[][] packedA = new float[0][];

  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  public void multiply(float alpha, Op opA, Matrix a, PackedMatrix b, float beta, Matrix c) {
    int m = c.rows();
    int n = c.cols();
    int k = b.rows();
    if (opA.cols(a) != k || opA.rows(a) != m || b.cols() != n) {
      throw new IllegalArgumentException(
          "shapes disagree: op(A) is "
              + opA.rows(a)
              + "x"
              + opA.cols(a)
              + ", B is "
              + k
              + "x"
              + b.cols()
              + ", C is "
              + m
              + "x"
              + n);
    }
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0 || beta != 0) { // otherwise the first block of k overwrites C
      for (int i = 0; i < m; i++) {
        Scaling.row(c.data(), c.offset() + i * c.rowStride(), n, beta);
      }
    }
    int mr = kernel.rows();
    int mc = Blocking.evenly(m, MC, mr);
    packedA = Packing.panels(packedA, mc / mr, mr);
    for (int ic = 0; ic < m; ic += mc) {
      int rows = Math.min(mc, m - ic);
      int at = c.offset() + ic * c.rowStride();
      for (int pc = 0; pc < k; pc += b.depth()) {
        int steps = Math.min(b.depth(), k - pc);
        Packing.packA(alpha, opA, a, ic, rows, pc, steps, mr, packedA);
        boolean add = pc > 0 || beta != 0;
        macro.run(rows, n, steps, packedA, b.panels(pc / b.depth()), c, at, add);
      }
    }
  }
}
