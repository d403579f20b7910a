package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;

/**
 * Reorders blocks of rows: block (i, j) of m x n, which lie row by row of blocks, becomes block (j,
 * i) of n x m. What arrives by sender and slot is so sorted by slot and sender.
 */
final class BlockTransposition {
  private final int m;
  private final int n;
  private final int[] rows;
  private final int[] start;
  private final RowBuffer transposed;
  private final RowBuffer restored;
  private final Meter meter;

  BlockTransposition(int m, int n, int cols, Meter meter) {
    this.m = m;
    this.n = n;
    this.meter = meter;
    rows = new int[m * n];
    start = new int[m * n];
    transposed = new RowBuffer(cols, 1);
    restored = new RowBuffer(cols, 1);
  }

  /** Rows of a block are the sum of {@code each} counts, which lie one block after the other. */
  void count(int[] counts, int each) {
    int at = 0;
    for (int block = 0; block < rows.length; block++) {
      rows[block] = 0;
      for (int i = block * each; i < (block + 1) * each; i++) {
        rows[block] += counts[i];
      }
      start[block] = at;
      at += rows[block];
    }
  }

  /** First row of each transposed row of blocks, and the number of rows at the end. */
  void offsets(int[] offset) {
    int at = 0;
    for (int j = 0; j < n; j++) {
      offset[j] = at;
      for (int i = 0; i < m; i++) {
        at += rows[i * n + j];
      }
    }
    offset[n] = at;
  }

  /** The blocks transposed; the operand itself, where that leaves them as they are. */
  Matrix apply(Matrix x) {
    if (m == 1 || n == 1) {
      return x;
    }
    Matrix y = transposed.rows(x.rows());
    copy(x, y, false);
    return y;
  }

  /** The other way round. */
  Matrix undo(Matrix y) {
    if (m == 1 || n == 1) {
      return y;
    }
    Matrix x = restored.rows(y.rows());
    copy(x, y, true);
    return x;
  }

  private void copy(Matrix x, Matrix y, boolean back) {
    long sinceNs = meter.now();
    int cols = x.cols();
    int yAt = y.offset();
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        int xAt = x.offset() + start[i * n + j] * cols;
        int length = rows[i * n + j] * cols;
        if (back) {
          System.arraycopy(y.data(), yAt, x.data(), xAt, length);
        } else {
          System.arraycopy(x.data(), xAt, y.data(), yAt, length);
        }
        yAt += length;
      }
    }
    meter.computed(LayerOperation.PERMUTE, sinceNs);
  }
}
