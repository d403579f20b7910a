package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

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
  private final float[] zeros = AlignedFloats.allocate(NR);
  private float[][] packedA = new float[0][];
  private float[][] packedB = new float[0][];

  BlockedVectorGemm(MicroKernel kernel, Blocking blocking) {
    this.kernel = kernel;
    this.blocking = blocking;
    this.mr = kernel.rows();
    this.edge = AlignedFloats.allocate((long) mr * NR);
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
    int mc = evenly(m, blocking.mc(), mr);
    int kc = evenly(k, Math.min(blocking.kc(), KC), 1);
    int nc = evenly(n, blocking.nc(), NR);
    packedA = grown(packedA, mc / mr, mr);
    packedB = grown(packedB, nc / NR, NR);
    for (int jc = 0; jc < n; jc += nc) {
      int cols = Math.min(nc, n - jc);
      for (int pc = 0; pc < k; pc += kc) {
        int steps = Math.min(kc, k - pc);
        boolean add = pc > 0 || beta != 0;
        Packing.packB(opB, b, pc, steps, jc, cols, packedB);
        for (int ic = 0; ic < m; ic += mc) {
          int rows = Math.min(mc, m - ic);
          Packing.packA(alpha, opA, a, ic, rows, pc, steps, mr, packedA);
          block(rows, cols, steps, c, c.offset() + ic * c.rowStride() + jc, add);
        }
      }
    }
  }

  /** The multiple of {@code unit} that cuts a length into equal blocks of about the limit. */
  private static int evenly(int length, int limit, int unit) {
    int blocks = Math.max(1, Math.ceilDiv(length, limit));
    return Math.ceilDiv(Math.ceilDiv(length, blocks), unit) * unit;
  }

  /** Multiplies the packed blocks into C at {@code cAt}. */
  private void block(int mc, int nc, int kc, Matrix c, int cAt, boolean add) {
    float[] out = c.data();
    int ldc = c.rowStride();
    float[] from = add ? out : zeros;
    int fromStride = add ? ldc : 0;
    for (int jr = 0; jr < nc; jr += NR) {
      float[] panelB = packedB[jr / NR];
      for (int ir = 0; ir < mc; ir += mr) {
        float[] panelA = packedA[ir / mr];
        int at = cAt + ir * ldc + jr;
        if (mc - ir >= mr && nc - jr >= NR) {
          int fromAt = add ? at : START;
          kernel.run(kc, panelA, panelB, from, fromAt, fromStride, out, at, ldc);
        } else {
          kernel.run(kc, panelA, panelB, zeros, START, 0, edge, START, NR);
          storeEdge(Math.min(mr, mc - ir), Math.min(NR, nc - jr), c, at, add);
        }
      }
    }
  }

  private void storeEdge(int rows, int cols, Matrix c, int at, boolean add) {
    for (int i = 0; i < rows; i++, at += c.rowStride()) {
      int from = START + i * NR;
      for (int j = 0; j < cols; j++) {
        c.data()[at + j] = add ? c.data()[at + j] + edge[from + j] : edge[from + j];
      }
    }
  }

  private static float[][] grown(float[][] panels, int count, int width) {
    if (panels.length >= count) {
      return panels;
    }
    float[][] grown = Arrays.copyOf(panels, count);
    for (int i = panels.length; i < count; i++) {
      grown[i] = AlignedFloats.allocate((long) KC * width);
    }
    return grown;
  }
}
