package dev.shardmark.kernels.embedding;

/** {@link Embedding} in plain Java. */
public final class ScalarEmbedding extends RowwiseEmbedding {
  @Override
  void copy(float[] from, int fromAt, float[] to, int toAt, int n) {
    for (int j = 0; j < n; j++) {
      to[toAt + j] = from[fromAt + j];
    }
  }
}
