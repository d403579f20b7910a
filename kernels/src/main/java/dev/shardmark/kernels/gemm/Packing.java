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
 * Copies blocks of operands into the order the micro-kernel reads them in, padded with zeros to
 * whole panels. Both kinds of panel are cut from op(X) of (rows, k); a product by op(B) of (k, n)
 * passes {@code op.flipped()}.
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

  /**
   * Packs op(x)[row.., k..] of rows x kc into the narrow panels of a kernel, from panel {@code
   * first} on.
   */
  static void narrow(
      Op op,
      Matrix x,
      int row,
      int rows,
      int k,
      int kc,
      MicroKernel kernel,
      float[][] panels,
      int first) {
    int from = x.offset() + row * op.rowStep(x) + k * op.colStep(x);
    int mr = kernel.rows();
    int padded = Math.ceilDiv(rows, mr) * mr;
    int run = kernel.run();
    for (int i = 0; i < padded; i++) {
      float[] panel = panels[first + i / mr];
      int at = from + i * op.rowStep(x);
      int to = START + i % mr * run;
      for (int p = 0; p < kc; p += run, at += run * op.colStep(x), to += run * mr) {
        int length = Math.min(run, kc - p);
        if (i >= rows) {
          Arrays.fill(panel, to, to + length, 0);
        } else if (op == Op.PLAIN) {
          copy(x.data(), at, length, panel, to);
        } else {
          gather(x.data(), at, x.rowStride(), length, panel, to);
        }
      }
    }
  }

  private static void copy(float[] from, int at, int length, float[] to, int toAt) {
    if (length == LANES) {
      FloatVector.fromArray(F, from, at).intoArray(to, toAt);
    } else {
      System.arraycopy(from, at, to, toAt, length);
    }
  }

  private static void gather(float[] from, int at, int stride, int length, float[] to, int toAt) {
    for (int p = toAt; p < toAt + length; p++, at += stride) {
      to[p] = from[at];
    }
  }

  /** Packs op(x)[row.., k..] of rows x kc into wide panels of nr rows. */
  static void wide(
      Op op, Matrix x, int row, int rows, int k, int kc, int nr, float[][] panels, int first) {
    if (op == Op.PLAIN) {
      int padded = Math.ceilDiv(rows, nr) * nr;
      for (int i = 0; i < padded; i++) {
        int from = x.offset() + (row + i) * x.rowStride() + k;
        spread(i < rows, x.data(), from, 1, kc, panels[first + i / nr], i % nr, nr);
      }
    } else {
      copyColumns(x, row, rows, k, kc, nr, panels, first);
    }
  }

  /** Row by row of what is stored, because a row is what memory prefetches. */
  private static void copyColumns(
      Matrix x, int row, int rows, int k, int kc, int nr, float[][] panels, int first) {
    int whole = rows - rows % nr;
    for (int p = 0; p < kc; p++) {
      int from = x.offset() + (k + p) * x.rowStride() + row;
      int at = START + p * nr;
      if (nr == NR) {
        copyRow(x.data(), from, whole, panels, first, at);
      } else {
        for (int i = 0; i < whole; i += nr) {
          System.arraycopy(x.data(), from + i, panels[first + i / nr], at, nr);
        }
      }
      if (whole < rows) {
        float[] last = panels[first + whole / nr];
        System.arraycopy(x.data(), from + whole, last, at, rows - whole);
        Arrays.fill(last, at + rows - whole, at + nr, 0);
      }
    }
  }

  private static void copyRow(float[] from, int at, int length, float[][] panels, int i, int to) {
    for (int j = 0; j < length; j += NR, i++) {
      float[] panel = panels[i];
      FloatVector.fromArray(F, from, at + j).intoArray(panel, to);
      FloatVector.fromArray(F, from, at + j + LANES).intoArray(panel, to + LANES);
    }
  }

  /** A row of op(x), or zeros, goes to every {@code width}-th element of a panel. */
  private static void spread(
      boolean some, float[] from, int at, int step, int kc, float[] to, int place, int width) {
    int toAt = START + place;
    for (int p = 0; p < kc; p++, at += step, toAt += width) {
      to[toAt] = some ? from[at] : 0;
    }
  }
}
