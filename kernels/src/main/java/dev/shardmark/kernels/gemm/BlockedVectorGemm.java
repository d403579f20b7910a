package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} packed and blocked: the five loops around a register tile of Goto and van de Geijn.
 *
 * <p>B is packed kc x nc at a time, A mc x kc at a time with alpha folded in; scratch belongs to
 * the instance and grows to the largest block seen, so that a second call allocates nothing.
 */
final class BlockedVectorGemm implements Gemm {
  private final MacroKernel macro;
  private final Blocking blocking;
  private final int mr;
  private float[][] packedA = new float[0][];
  private float[][] packedB = new float[0][];

  BlockedVectorGemm(MicroKernel kernel, Blocking blocking) {
    this.macro = new MacroKernel(kernel);
    this.blocking = blocking;
    this.mr = kernel.rows();
  }

  @Override
  public void multiply(float alpha, Op opA, Matrix a, Op opB, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(opA, a, opB, b, c);
    int m = c.rows();
    int n = c.cols();
    int k = opA.cols(a);
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0 || beta != 0) { // otherwise the first block of k overwrites C
      for (int i = 0; i < m; i++) {
        Scaling.row(c.data(), c.offset() + i * c.rowStride(), n, beta);
      }
    }
    int mc = Blocking.evenly(m, blocking.mc(), mr);
    int kc = Blocking.evenly(k, Math.min(blocking.kc(), KC), 1);
    int nc = Blocking.evenly(n, blocking.nc(), NR);
    packedA = Packing.panels(packedA, mc / mr, mr);
    packedB = Packing.panels(packedB, nc / NR, NR);
    for (int jc = 0; jc < n; jc += nc) {
      int cols = Math.min(nc, n - jc);
      for (int pc = 0; pc < k; pc += kc) {
        int steps = Math.min(kc, k - pc);
        boolean add = pc > 0 || beta != 0;
        Packing.packB(opB, b, pc, steps, jc, cols, packedB);
        for (int ic = 0; ic < m; ic += mc) {
          int rows = Math.min(mc, m - ic);
          Packing.packA(alpha, opA, a, ic, rows, pc, steps, mr, packedA);
          int at = c.offset() + ic * c.rowStride() + jc;
          macro.run(rows, cols, steps, packedA, packedB, c, at, add);
        }
      }
    }
  }
}
