package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;

/**
 * The two innermost loops around a register tile: a packed block of A by a packed block of B. Every
 * tile runs on whole panels, and tiles that stick out of C go through a scratch tile.
 */
final class MacroKernel {
  private final MicroKernel kernel;
  private final int mr;
  private final float[] edge;
  private final float[] zeros = AlignedFloats.allocate(NR);

  MacroKernel(MicroKernel kernel) {
    this.kernel = kernel;
    this.mr = kernel.rows();
    this.edge = AlignedFloats.allocate((long) mr * NR);
  }

  /**
   * Multiplies mc x kc by kc x nc into C at {@code cAt}.
   *
   * @param add whether to add to C or to overwrite it without reading
   */
  void run(
      int mc,
      int nc,
      int kc,
      float[][] packedA,
      float[][] packedB,
      Matrix c,
      int cAt,
      boolean add) {
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
}
