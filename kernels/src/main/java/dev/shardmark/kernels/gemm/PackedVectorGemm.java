package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Work;
import java.util.Arrays;

/**
 * {@code C = alpha * op(A) * B + beta * C} with B packed beforehand; contract and error as {@link
 * Gemm}, for the values {@link PackedMatrix#unpacked} gives.
 *
 * <p>Weights are read once, in the order they lie in memory, whatever m is. Rows of A are the wide
 * side: two vectors of tokens, or one at the end, meet one broadcast weight at a time. Up to
 * {@value #DOT_ROWS} rows would leave most lanes empty; they are dot products.
 */
public final class PackedVectorGemm {
  /** Most rows of A that are dot products. */
  static final int DOT_ROWS = 4;

  /** Rows of A packed at a time. */
  private static final int MC = 256;

  private final Tiles tiles = new Tiles(new StreamKernel6x2(), new StreamKernel6x1());
  private float[][] packedA = new float[0][];
  private float[][] decoded = new float[0][];
  private float[] copied = new float[0];
  private final float[] sums =
      AlignedFloats.allocate(DOT_ROWS * PackedMatrix.GROUP_PANELS * RowTimesPanel.SUMS);

  /**
   * Multiplies.
   *
   * @throws IllegalArgumentException if the shapes disagree
   */
  public void multiply(float alpha, Op opA, Matrix a, PackedMatrix b, float beta, Matrix c) {
    if (opA.rows(a) != c.rows()) {
      throw disagree(opA.rows(a) + "x" + opA.cols(a), b, c);
    }
    multiplyRows(alpha, opA, a, 0, c.rows(), b, beta, c);
  }

  /**
   * Multiplies rows {@code row} to {@code row + rows} of op(A) into the same rows of C.
   *
   * @throws IllegalArgumentException if the shapes disagree
   * @throws IndexOutOfBoundsException if there are no such rows
   */
  void multiplyRows(
      float alpha, Op opA, Matrix a, int row, int rows, PackedMatrix b, float beta, Matrix c) {
    if (opA.cols(a) != b.rows() || b.cols() != c.cols()) {
      throw disagree(opA.rows(a) + "x" + opA.cols(a), b, c);
    }
    if (rows == 0 || c.cols() == 0) {
      return;
    }
    if (rows <= DOT_ROWS) {
      dots(alpha, opA, a, row, rows, b, beta, c);
      return;
    }
    decoded = Packing.panels(decoded, PackedMatrix.GROUP_PANELS, PackedMatrix.WIDTH);
    int mc = Blocking.evenly(rows, MC, NR);
    for (int ic = 0; ic < rows; ic += mc) {
      tiles(alpha, opA, a, row + ic, Math.min(mc, rows - ic), b, beta, c);
    }
  }

  private void tiles(
      float alpha, Op opA, Matrix a, int row, int rows, PackedMatrix b, float beta, Matrix c) {
    int wide = Math.ceilDiv(rows, NR);
    int slim = tiles.isSlim(rows) ? rows % NR : 0;
    packedA = Packing.panels(packedA, b.blocks() * wide, NR);
    for (int block = 0, first = 0; block < b.blocks(); block++, first += wide) {
      int k = block * b.depth();
      int steps = b.steps(block);
      int whole = rows - slim;
      Packing.wide(opA, a, row, whole, k, steps, NR, packedA, first);
      if (slim > 0) {
        Packing.wide(opA, a, row + whole, slim, k, steps, LANES, packedA, first + wide - 1);
      }
    }
    for (int group = 0; group < b.groups(); group++) {
      int columns = b.columns(group);
      tiles.clear(b.panels(group), rows);
      for (int block = 0; block < b.blocks(); block++) {
        tiles.add(b.steps(block), b.panels(group, block, decoded), 0, packedA, block * wide);
      }
      int column = group * PackedMatrix.GROUP_COLUMNS;
      tiles.storeTransposed(alpha, beta, c, row, column, rows, columns);
    }
  }

  private void dots(
      float alpha, Op opA, Matrix a, int first, int rows, PackedMatrix b, float beta, Matrix c) {
    int stride = b.blocks() * b.depth();
    copyRows(opA, a, first, rows, b.rows(), stride);
    for (int group = 0; group < b.groups(); group++) {
      Arrays.fill(sums, 0);
      for (int block = 0; block < b.blocks(); block++) {
        for (int panel = 0; panel < b.panels(group); panel++) {
          for (int i = 0; i < rows; i++) {
            int at = START + i * stride + block * b.depth();
            b.dot(group, block, panel, copied, at, sums, sumsOf(i, panel));
          }
        }
      }
      int column = group * PackedMatrix.GROUP_COLUMNS;
      for (int i = 0; i < rows; i++) {
        int to = c.offset() + (first + i) * c.rowStride() + column;
        store(alpha, i, b.columns(group), beta, c.data(), to);
      }
    }
  }

  private static int sumsOf(int row, int panel) {
    return START + (row * PackedMatrix.GROUP_PANELS + panel) * RowTimesPanel.SUMS;
  }

  /** Copies rows of op(A) to scratch, padded with zeros. */
  private void copyRows(Op opA, Matrix a, int first, int rows, int k, int stride) {
    if (copied.length < START + rows * stride) {
      copied = AlignedFloats.allocate((long) DOT_ROWS * stride);
    }
    for (int i = 0; i < rows; i++) {
      int at = a.offset() + (first + i) * opA.rowStep(a);
      int to = START + i * stride;
      for (int p = to; p < to + k; p++, at += opA.colStep(a)) {
        copied[p] = a.data()[at];
      }
      Arrays.fill(copied, to + k, to + stride, 0);
    }
  }

  private void store(float alpha, int row, int length, float beta, float[] c, int to) {
    int from = sumsOf(row, 0);
    for (int j = 0; j < length; j++, from += LANES) {
      float sum = 0;
      for (int lane = from; lane < from + LANES; lane++) {
        sum += sums[lane];
      }
      c[to + j] = beta == 0 ? alpha * sum : Math.fma(beta, c[to + j], alpha * sum);
    }
  }

  /** The work of one product with beta = 0 and weights of a format, without their scales. */
  public static Work work(long m, long n, long k, WeightFormat format) {
    return new Work(2 * m * n * k, 4 * (m * k + m * n) + format.bytes() * k * n);
  }

  private static IllegalArgumentException disagree(String a, PackedMatrix b, Matrix c) {
    return new IllegalArgumentException(
        "shapes disagree: op(A) is "
            + a
            + ", B is "
            + b.rows()
            + "x"
            + b.cols()
            + ", C is "
            + c.rows()
            + "x"
            + c.cols());
  }
}
