package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} packed and blocked: loops around a register tile after Goto and van de Geijn, with
 * rows of A as narrow panels and columns of B as wide ones.
 *
 * <p>The sums of a block stay in {@link Tiles} for kc steps of k, several panels deep. B is packed
 * when the first block of A needs it, so that it is still in L2 then. Scratch belongs to the
 * instance and grows to the largest block seen: a second call allocates nothing.
 */
final class BlockedVectorGemm implements Gemm {
  private final Blocking blocking;
  private final MicroKernel kernel;
  private final Tiles tiles;
  private float[][] packedA = new float[0][];
  private float[][] packedB = new float[0][];

  BlockedVectorGemm(MicroKernel kernel, Blocking blocking) {
    this.blocking = blocking;
    this.kernel = kernel;
    this.tiles = new Tiles(kernel);
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
    if (k == 0) {
      Scaling.rows(c, beta);
      return;
    }
    int mr = kernel.rows();
    int mc = Blocking.evenly(m, blocking.mc(), mr);
    int nb = Blocking.evenly(n, blocking.nb(), NR);
    int nc = mc >= m ? nb : Blocking.evenly(n, Math.max(nb, blocking.nc() / nb * nb), nb);
    int kc = Blocking.evenly(k, blocking.kc(), 1);
    int depth = Blocking.evenly(kc, KC, LANES);
    int blocks = Math.ceilDiv(kc, depth);
    packedA = Packing.panels(packedA, blocks * (mc / mr), mr);
    packedB = Packing.panels(packedB, blocks * (nc / NR), NR);
    for (int jc = 0; jc < n; jc += nc) {
      int cols = Math.min(nc, n - jc);
      for (int pc = 0; pc < k; pc += kc) {
        int steps = Math.min(kc, k - pc);
        float keep = pc == 0 ? beta : 1;
        for (int ic = 0; ic < m; ic += mc) {
          int rows = Math.min(mc, m - ic);
          for (int p = 0, first = 0; p < steps; p += depth, first += mc / mr) {
            int kb = Math.min(depth, steps - p);
            Packing.narrow(opA, a, ic, rows, pc + p, kb, kernel, packedA, first);
          }
          for (int jb = 0; jb < cols; jb += nb) {
            int width = Math.min(nb, cols - jb);
            tiles.clear(Math.ceilDiv(rows, mr), width);
            for (int p = 0, at = 0; p < steps; p += depth, at++) {
              int kb = Math.min(depth, steps - p);
              int firstB = at * (nc / NR) + jb / NR;
              if (ic == 0) {
                Packing.wide(opB.flipped(), b, jc + jb, width, pc + p, kb, NR, packedB, firstB);
              }
              tiles.add(kb, packedA, at * (mc / mr), packedB, firstB);
            }
            tiles.store(alpha, keep, c, ic, jc + jb, rows, width);
          }
        }
      }
    }
  }
}
