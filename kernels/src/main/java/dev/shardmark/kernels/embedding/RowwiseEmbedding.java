package dev.shardmark.kernels.embedding;

import dev.shardmark.kernels.Matrix;
import java.util.Arrays;

/** What all ways have in common: rows, and those the table does not have. */
abstract class RowwiseEmbedding implements Embedding {
  /** Copies n floats. */
  abstract void copy(float[] from, int fromAt, float[] to, int toAt, int n);

  @Override
  public final void lookUp(Matrix table, int first, int vocabulary, int[] ids, Matrix y) {
    Embedding.checkOperands(table, first, vocabulary, ids, y);
    int n = table.cols();
    for (int i = 0; i < ids.length; i++) {
      int row = ids[i] - first;
      int yAt = y.offset() + i * y.rowStride();
      if (row >= 0 && row < table.rows()) {
        copy(table.data(), table.offset() + row * table.rowStride(), y.data(), yAt, n);
      } else {
        Arrays.fill(y.data(), yAt, yAt + n, 0);
      }
    }
  }
}
