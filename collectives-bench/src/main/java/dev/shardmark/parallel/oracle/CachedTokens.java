package dev.shardmark.parallel.oracle;

import dev.shardmark.kernels.Matrix;

/**
 * What a cache holds of a sequence's earlier tokens: keys with their rotary positions, and values,
 * all heads of a token side by side in a row, as they are to be appended.
 *
 * @param keys (S, k d)
 * @param values (S, k d)
 * @throws IllegalArgumentException if the shapes disagree
 */
public record CachedTokens(Matrix keys, Matrix values) {
  public CachedTokens {
    if (keys.rows() != values.rows() || keys.cols() != values.cols()) {
      throw new IllegalArgumentException(
          "shapes disagree: keys are "
              + keys.rows()
              + "x"
              + keys.cols()
              + ", values are "
              + values.rows()
              + "x"
              + values.cols());
    }
  }

  /** How many tokens there are. */
  public int tokens() {
    return keys.rows();
  }

  /** The same tokens with some heads of theirs: views, no copies. */
  public CachedTokens heads(int first, int count, int headDim) {
    return new CachedTokens(
        columns(keys, first * headDim, count * headDim),
        columns(values, first * headDim, count * headDim));
  }

  private static Matrix columns(Matrix m, int first, int count) {
    int offset = m.rows() == 0 ? m.offset() : m.offset() + first;
    return new Matrix(m.data(), offset, m.rows(), count, m.rowStride());
  }
}
