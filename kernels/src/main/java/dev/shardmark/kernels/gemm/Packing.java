package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies blocks of A and B into the order the micro-kernel reads them in, padded with zeros to
 * whole panels.
 */
final class Packing {
  private Packing() {}

  /** At least {@code count} panels, those already there first. */
  static float[][] panels(float[][] panels, int count, int width) {
    if (panels.length >= count) {
      return panels;
    }
    float[][] grown = Arrays.copyOf(panels, count);
    for (int i = panels.length; i < count; i++) {
      grown[i] = AlignedFloats.allocate((long) KC * width);
    }
    return grown;
  }

  /** Packs {@code alpha * op(A)[row.., col..]} of mc x kc into panels of mr rows. */
  static void packA(
      float alpha, Op op, Matrix a, int row, int mc, int col, int kc, int mr, float[][] panels) {
    int from = a.offset() + row * op.rowStep(a) + col * op.colStep(a);
    if (op == Op.PLAIN) {
      for (int i = 0; i < mc; i++, from += a.rowStride()) {
        scaledRow(alpha, a.data(), from, kc, panels[i / mr], START + i % mr * KC);
      }
    } else {
      for (int i = 0; i < mc; i += mr) {
        int rows = Math.min(mr, mc - i);
        scaledColumns(alpha, a.data(), from + i, a.rowStride(), rows, kc, panels[i / mr]);
      }
    }
    for (int i = mc; i % mr != 0; i++) {
      int at = START + i % mr * KC;
      Arrays.fill(panels[i / mr], at, at + kc, 0);
    }
  }

  private static void scaledRow(
      float alpha, float[] from, int at, int length, float[] to, int toAt) {
    for (int p = 0; p < length; p++) {
      to[toAt + p] = alpha * from[at + p];
    }
  }

  private static void scaledColumns(
      float alpha, float[] from, int at, int stride, int rows, int kc, float[] to) {
    for (int p = 0; p < kc; p++, at += stride) {
      for (int i = 0; i < rows; i++) {
        to[START + i * KC + p] = alpha * from[at + i];
      }
    }
  }

  /** Packs op(B)[row.., col..] of kc x nc into panels of NR columns. */
  static void packB(Op op, Matrix b, int row, int kc, int col, int nc, float[][] panels) {
    if (op == Op.PLAIN) {
      packRows(b, row, kc, col, nc, panels);
    } else {
      packColumns(b, row, kc, col, nc, panels);
    }
  }

  /** Row by row of B, because a row is what memory prefetches. */
  private static void packRows(Matrix b, int row, int kc, int col, int nc, float[][] panels) {
    int whole = nc - nc % NR;
    for (int p = 0; p < kc; p++) {
      int from = b.offset() + (row + p) * b.rowStride() + col;
      int at = START + p * NR;
      copyRow(b.data(), from, whole, panels, at);
      if (whole < nc) {
        float[] last = panels[whole / NR];
        System.arraycopy(b.data(), from + whole, last, at, nc - whole);
        Arrays.fill(last, at + nc - whole, at + NR, 0);
      }
    }
  }

  /** Column j of op(B) is a row of B, and goes to every NR-th element of its panel. */
  private static void packColumns(Matrix b, int row, int kc, int col, int nc, float[][] panels) {
    int padded = Math.ceilDiv(nc, NR) * NR;
    for (int j = 0; j < padded; j++) {
      int from = b.offset() + (col + j) * b.rowStride() + row;
      spread(j < nc, b.data(), from, kc, panels[j / NR], START + j % NR);
    }
  }

  private static void spread(boolean some, float[] from, int at, int kc, float[] to, int toAt) {
    for (int p = 0; p < kc; p++) {
      to[toAt + p * NR] = some ? from[at + p] : 0;
    }
  }

  private static void copyRow(float[] from, int at, int length, float[][] panels, int to) {
    for (int j = 0; j < length; j += NR) {
      float[] panel = panels[j / NR];
      FloatVector.fromArray(F, from, at + j).intoArray(panel, to);
      FloatVector.fromArray(F, from, at + j + LANES).intoArray(panel, to + LANES);
    }
  }
}
