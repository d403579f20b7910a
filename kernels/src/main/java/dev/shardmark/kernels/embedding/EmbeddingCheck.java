package dev.shardmark.kernels.embedding;

import dev.shardmark.kernels.Matrix;

/** Tells whether a lookup is right: every element has the bits of the table's, or of 0. */
public final class EmbeddingCheck {
  private EmbeddingCheck() {}

  /** 0 where every element is right, otherwise infinity: copies have no error to allow. */
  public static double worst(Matrix table, int first, int vocabulary, int[] ids, Matrix y) {
    Embedding.checkOperands(table, first, vocabulary, ids, y);
    for (int i = 0; i < ids.length; i++) {
      int row = ids[i] - first;
      boolean here = row >= 0 && row < table.rows();
      for (int j = 0; j < y.cols(); j++) {
        float want = here ? table.at(row, j) : 0;
        if (Float.floatToRawIntBits(y.at(i, j)) != Float.floatToRawIntBits(want)) {
          return Double.POSITIVE_INFINITY;
        }
      }
    }
    return 0;
  }
}
