package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.gemm.MicroKernel.KC;

import dev.shardmark.kernels.AlignedFloats;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Species;

/**
 * The second operand of a product, packed once and used many times, as the weights of a model are.
 *
 * <p>Columns of op(B) are the rows of narrow panels. Panels follow each other in memory as a
 * product reads them: {@value #GROUP_COLUMNS} columns, all blocks of k of these, then the next
 * columns. A product so reads its weights from start to end, whatever m is.
 */
public abstract class PackedMatrix {
  /** Columns of a panel. */
  static final int WIDTH = 6;

  /** How panels are laid out. */
  private static final MicroKernel LAYOUT = new StreamKernel6x2();

  /** Columns whose panels of one block fit the L2 beside what they are multiplied by. */
  static final int GROUP_COLUMNS = 192;

  /** Panels of every group but the last. */
  static final int GROUP_PANELS = GROUP_COLUMNS / WIDTH;

  private final int rows;
  private final int cols;
  private final int depth;

  PackedMatrix(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
    this.depth = depth(rows);
  }

  /** A packed copy of op(b) in fp32. */
  public static PackedMatrix of(Op op, Matrix b) {
    return of(op, b, WeightFormat.FP32);
  }

  /**
   * A packed copy of op(b).
   *
   * <p>{@link WeightFormat#BF16} rounds each weight to nearest, ties to even: a relative error of
   * at most 2^-8. The integer formats round to the nearest of 255 multiples of max|w| / 127, the
   * maximum taken over what shares a scale: an absolute error of at most max|w| (1 / 254 + 2^-22),
   * barring underflow, since scale and product are floats. A weight that is not finite makes all
   * that share its scale NaN.
   */
  public static PackedMatrix of(Op op, Matrix b, WeightFormat format) {
    return switch (format) {
      case FP32 -> new Fp32Matrix(op, b);
      case BF16 -> new Bf16Matrix(op, b);
      case INT8 -> new Int8Matrix(op, b, op.rows(b));
      case INT8_BLOCK -> new Int8Matrix(op, b, depth(op.rows(b)));
    };
  }

  /** Bytes the packed copy of a k x n operand takes, without scales. */
  public static long bytes(int k, int n, WeightFormat format) {
    int depth = depth(k);
    long columns = Math.ceilDiv(n, WIDTH) * (long) WIDTH;
    return format.bytes() * columns * depth * Math.ceilDiv(k, depth);
  }

  /** Rows of op(b). */
  public int rows() {
    return rows;
  }

  /** Columns of op(b). */
  public int cols() {
    return cols;
  }

  /** What is stored, as fp32 of (rows, cols): the operand a product by this is exact for. */
  public Matrix unpacked() {
    Matrix plain = Matrix.zeros(rows, cols);
    float[][] panels = Packing.panels(new float[0][], GROUP_PANELS, WIDTH);
    for (int group = 0; group < groups(); group++) {
      for (int block = 0; block < blocks(); block++) {
        float[][] here = panels(group, block, panels);
        for (int j = 0; j < columns(group); j++) {
          for (int p = 0; p < steps(block); p++) {
            int to = (block * depth + p) * cols + group * GROUP_COLUMNS + j;
            plain.data()[plain.offset() + to] =
                here[j / WIDTH][AlignedFloats.START + place(p, j % WIDTH)];
          }
        }
      }
    }
    return plain;
  }

  /** Where a panel keeps the value of step {@code p} and its column {@code j}. */
  static int place(int p, int j) {
    int run = LAYOUT.run();
    return p / run * run * WIDTH + j * run + p % run;
  }

  /** Rows of every block but the last. */
  final int depth() {
    return depth;
  }

  final int blocks() {
    return Math.ceilDiv(rows, depth);
  }

  /** Rows of a block. */
  final int steps(int block) {
    return Math.min(depth, rows - block * depth);
  }

  final int groups() {
    return Math.ceilDiv(cols, GROUP_COLUMNS);
  }

  /** Columns of a group. */
  final int columns(int group) {
    return Math.min(GROUP_COLUMNS, cols - group * GROUP_COLUMNS);
  }

  /** Packs the panels of a group and block of any matrix of this shape. */
  final void pack(Op op, Matrix b, int group, int block, float[][] to) {
    int column = group * GROUP_COLUMNS;
    int row = block * depth;
    Packing.narrow(op.flipped(), b, column, columns(group), row, steps(block), LAYOUT, to, 0);
  }

  /** Panels of a group. */
  final int panels(int group) {
    return Math.ceilDiv(columns(group), WIDTH);
  }

  /** Values of a panel, padding included. */
  final int panelLength() {
    return depth * WIDTH;
  }

  /** Panels of a group and block: those that are stored, or decoded ones in {@code scratch}. */
  abstract float[][] panels(int group, int block, float[][] scratch);

  /**
   * Adds the products of a row of A by a panel to {@code sums[to..]}, a vector of sums for each
   * column.
   *
   * @param row this block's part of the row from {@code at} on, padded with zeros to whole vectors
   */
  abstract void dot(int group, int block, int panel, float[] row, int at, float[] sums, int to);

  private static int depth(int k) {
    return Blocking.evenly(k, KC, Species.LANES);
  }
}
