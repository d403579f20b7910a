package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies blocks of A and B into the order the micro-kernel reads them in, padded with zeros to
 * whole panels.
 */
final class Packing {
  /** Rows packed together; every tile's rows are a multiple. */
  private static final int ROWS = 4;

  private Packing() {}

  /**
   * Packs {@code alpha * A[row.., col..]} of mc x kc into panels of mr rows, a multiple of {@value
   * #ROWS}: element (i, p) of a panel goes to {@code p * mr + i}.
   */
  static void packA(
      float alpha, Matrix a, int row, int mc, int col, int kc, int mr, float[] to, int at) {
    int from = a.offset() + row * a.rowStride() + col;
    for (int i0 = 0; i0 < mc; i0 += mr, at += mr * kc) {
      for (int i = i0; i < i0 + mr; i += ROWS) {
        int first = from + i * a.rowStride();
        if (i + ROWS <= mc) {
          fourRows(alpha, a.data(), first, a.rowStride(), kc, to, at + i - i0, mr);
        } else {
          lastRows(alpha, a.data(), first, a.rowStride(), mc - i, kc, to, at + i - i0, mr);
        }
      }
    }
  }

  /** Four rows at once, so that a cache line of the panel is filled in one go. */
  private static void fourRows(
      float alpha, float[] a, int row0, int lda, int kc, float[] to, int at, int mr) {
    int row1 = row0 + lda;
    int row2 = row1 + lda;
    int row3 = row2 + lda;
    for (int p = 0; p < kc; p++, at += mr) {
      to[at] = alpha * a[row0 + p];
      to[at + 1] = alpha * a[row1 + p];
      to[at + 2] = alpha * a[row2 + p];
      to[at + 3] = alpha * a[row3 + p];
    }
  }

  /** Fewer than four rows, possibly none, then zeros. */
  private static void lastRows(
      float alpha, float[] a, int row, int lda, int rows, int kc, float[] to, int at, int mr) {
    for (int p = 0; p < kc; p++, at += mr) {
      for (int i = 0; i < ROWS; i++) {
        to[at + i] = i < rows ? alpha * a[row + i * lda + p] : 0;
      }
    }
  }

  /**
   * Packs B[row.., col..] of kc x nc into panels of NR columns: element (p, j) of a panel goes to
   * {@code p * NR + j}. Walks B row by row, because a row is what memory prefetches.
   */
  static void packB(Matrix b, int row, int kc, int col, int nc, float[] to, int at) {
    int whole = nc - nc % NR;
    int panel = kc * NR;
    for (int p = 0; p < kc; p++) {
      int from = b.offset() + (row + p) * b.rowStride() + col;
      copyRow(b.data(), from, whole, to, at + p * NR, panel);
      if (whole < nc) {
        int last = at + whole / NR * panel + p * NR;
        System.arraycopy(b.data(), from + whole, to, last, nc - whole);
        Arrays.fill(to, last + nc - whole, last + NR, 0);
      }
    }
  }

  private static void copyRow(float[] from, int at, int length, float[] to, int first, int panel) {
    for (int j = 0; j < length; j += NR, first += panel) {
      FloatVector.fromArray(F, from, at + j).intoArray(to, first);
      FloatVector.fromArray(F, from, at + j + LANES).intoArray(to, first + LANES);
    }
  }
}
