package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/** {@link Combine} in plain loops: a row after the other is added to y. */
public final class ScalarCombine implements Combine {
  @Override
  public void combine(Matrix rows, Routing routing, Permutation permutation, Matrix y) {
    Combine.check(rows, routing, permutation, y);
    int topK = routing.topK();
    for (int t = 0; t < y.rows(); t++) {
      int rowY = y.offset() + t * y.rowStride();
      Arrays.fill(y.data(), rowY, rowY + y.cols(), 0);
      for (int at = t * topK; at < (t + 1) * topK; at++) {
        int row = permutation.row()[at];
        if (row != Routing.DROPPED) {
          int from = rows.offset() + row * rows.rowStride();
          add(routing.weight()[at], rows.data(), from, y.data(), rowY, y.cols());
        }
      }
    }
  }

  private static void add(float w, float[] row, int from, float[] y, int to, int n) {
    for (int j = 0; j < n; j++) {
      y[to + j] += w * row[from + j];
    }
  }
}
