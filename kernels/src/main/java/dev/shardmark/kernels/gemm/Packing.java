package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies blocks of A and B into the order the micro-kernel reads them in, padded with zeros to
 * whole panels.
 */
final class Packing {
  private Packing() {}

  /**
   * Packs {@code alpha * A[row.., col..]} of mc x kc into panels of mr rows: element (i, p) of a
   * panel goes to {@code p * mr + i}.
   */
  static void packA(
      float alpha, Matrix a, int row, int mc, int col, int kc, int mr, float[] to, int at) {
    for (int i0 = 0; i0 < mc; i0 += mr, at += mr * kc) {
      int rows = Math.min(mr, mc - i0);
      if (rows < mr) {
        Arrays.fill(to, at, at + mr * kc, 0);
      }
      int from = a.offset() + (row + i0) * a.rowStride() + col;
      for (int i = 0; i < rows; i++, from += a.rowStride()) {
        scatter(alpha, a.data(), from, kc, to, at + i, mr);
      }
    }
  }

  private static void scatter(
      float alpha, float[] from, int at, int kc, float[] to, int first, int step) {
    for (int p = 0; p < kc; p++) {
      to[first + p * step] = alpha * from[at + p];
    }
  }

  /**
   * Packs B[row.., col..] of kc x nc into panels of nr columns: element (p, j) of a panel goes to
   * {@code p * nr + j}. Walks B row by row, because a row is what memory prefetches.
   */
  static void packB(Matrix b, int row, int kc, int col, int nc, int nr, float[] to, int at) {
    int whole = nc - nc % nr;
    int panel = kc * nr;
    for (int p = 0; p < kc; p++) {
      int from = b.offset() + (row + p) * b.rowStride() + col;
      copyRow(b.data(), from, whole, nr, to, at + p * nr, panel);
      if (whole < nc) {
        int last = at + whole / nr * panel + p * nr;
        System.arraycopy(b.data(), from + whole, to, last, nc - whole);
        Arrays.fill(to, last + nc - whole, last + nr, 0);
      }
    }
  }

  private static void copyRow(
      float[] from, int at, int length, int nr, float[] to, int first, int panel) {
    for (int j = 0; j < length; j += nr, first += panel) {
      for (int v = 0; v < nr; v += LANES) {
        FloatVector.fromArray(F, from, at + j + v).intoArray(to, first + v);
      }
    }
  }
}
