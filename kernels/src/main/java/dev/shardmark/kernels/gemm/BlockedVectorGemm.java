package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;

/**
 * {@link Gemm} packed and blocked: the five loops around a register tile of Goto and van de Geijn.
 *
 * <p>B is packed kc x nc at a time, A mc x kc at a time with alpha folded in; every tile runs on
 * whole panels, and tiles that stick out of C go through a scratch tile. Scratch belongs to the
 * instance and grows to the largest block seen, so that a second call allocates nothing.
 */
final class BlockedVectorGemm implements Gemm {
  private final MicroKernel kernel;
  private final Blocking blocking;
  private final int mr;
  private final float[] edge;
  private float[] packedA = new float[0];
  private float[] packedB = new float[0];

  BlockedVectorGemm(MicroKernel kernel, Blocking blocking) {
    this.kernel = kernel;
    this.blocking = blocking;
    this.mr = kernel.rows();
    this.edge = AlignedFloats.allocate((long) mr * NR);
  }

  @Override
  public void multiply(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    Gemm.checkShapes(a, b, c);
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0 || beta != 0) { // otherwise the first block of k overwrites C
      for (int i = 0; i < m; i++) {
        Scaling.row(c.data(), c.offset() + i * c.rowStride(), n, beta);
      }
    }
    int kc = Math.min(blocking.kc(), k);
    packedA = grown(packedA, (long) roundUp(Math.min(blocking.mc(), m), mr) * kc);
    packedB = grown(packedB, (long) roundUp(Math.min(blocking.nc(), n), NR) * kc);
    for (int jc = 0; jc < n; jc += blocking.nc()) {
      int nc = Math.min(blocking.nc(), n - jc);
      for (int pc = 0; pc < k; pc += kc) {
        int steps = Math.min(kc, k - pc);
        boolean add = pc > 0 || beta != 0;
        Packing.packB(b, pc, steps, jc, nc, packedB, AlignedFloats.START);
        for (int ic = 0; ic < m; ic += blocking.mc()) {
          int mc = Math.min(blocking.mc(), m - ic);
          Packing.packA(alpha, a, ic, mc, pc, steps, mr, packedA, AlignedFloats.START);
          block(mc, nc, steps, c, c.offset() + ic * c.rowStride() + jc, add);
        }
      }
    }
  }

  /** Multiplies the packed blocks into C at {@code cAt}. */
  private void block(int mc, int nc, int kc, Matrix c, int cAt, boolean add) {
    for (int jr = 0; jr < nc; jr += NR) {
      int bAt = AlignedFloats.START + jr * kc;
      for (int ir = 0; ir < mc; ir += mr) {
        int aAt = AlignedFloats.START + ir * kc;
        int at = cAt + ir * c.rowStride() + jr;
        if (mc - ir >= mr && nc - jr >= NR) {
          kernel.run(kc, packedA, aAt, packedB, bAt, c.data(), at, c.rowStride(), add);
        } else {
          kernel.run(kc, packedA, aAt, packedB, bAt, edge, AlignedFloats.START, NR, false);
          storeEdge(Math.min(mr, mc - ir), Math.min(NR, nc - jr), c, at, add);
        }
      }
    }
  }

  private void storeEdge(int rows, int cols, Matrix c, int at, boolean add) {
    for (int i = 0; i < rows; i++, at += c.rowStride()) {
      int from = AlignedFloats.START + i * NR;
      for (int j = 0; j < cols; j++) {
        c.data()[at + j] = add ? c.data()[at + j] + edge[from + j] : edge[from + j];
      }
    }
  }

  private static float[] grown(float[] buffer, long length) {
    return buffer.length >= length + AlignedFloats.START ? buffer : AlignedFloats.allocate(length);
  }

  private static int roundUp(int x, int multiple) {
    return Math.ceilDiv(x, multiple) * multiple;
  }
}
