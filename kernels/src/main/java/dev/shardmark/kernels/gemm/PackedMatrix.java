package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.Matrix;

/**
 * The second operand of a product, packed once and used many times, as the weights of a model are:
 * panels of {@value MicroKernel#KC} rows, padded with zeros to whole vectors.
 */
public final class PackedMatrix {
  private final int rows;
  private final int cols;
  private final float[][][] blocks;

  private PackedMatrix(int rows, int cols, float[][][] blocks) {
    this.rows = rows;
    this.cols = cols;
    this.blocks = blocks;
  }

  /** A packed copy of op(b). */
  public static PackedMatrix of(Op op, Matrix b) {
    int k = op.rows(b);
    int n = op.cols(b);
    int depth = depth(k);
    float[][][] blocks = new float[Math.ceilDiv(k, depth)][][];
    for (int block = 0; block < blocks.length; block++) {
      int row = block * depth;
      blocks[block] = Packing.panels(new float[0][], Math.ceilDiv(n, NR), NR);
      Packing.packB(op, b, row, Math.min(depth, k - row), 0, n, blocks[block]);
    }
    return new PackedMatrix(k, n, blocks);
  }

  /** Bytes the packed copy of a k x n operand takes. */
  public static long bytes(int k, int n) {
    return (long) Float.BYTES * KC * NR * Math.ceilDiv(k, depth(k)) * Math.ceilDiv(n, NR);
  }

  /** Rows of op(b). */
  public int rows() {
    return rows;
  }

  /** Columns of op(b). */
  public int cols() {
    return cols;
  }

  /** Rows of every block but the last. */
  int depth() {
    return depth(rows);
  }

  /** Panels of the block that starts at row {@code block * depth()}. */
  float[][] panels(int block) {
    return blocks[block];
  }

  private static int depth(int k) {
    return Math.max(1, Blocking.evenly(k, KC, 1));
  }
}
