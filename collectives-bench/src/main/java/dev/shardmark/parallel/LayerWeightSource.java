package dev.shardmark.parallel;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.model.Linear;

/**
 * The weights of a layer as a function of their place, so that each rank makes its own part and no
 * two share memory.
 *
 * <p>Element (i, j) of a k x n matrix is uniform in +-sqrt(3 / k), variance 1 / k: a product by it
 * keeps the size of what comes in. Norm weights are uniform in 0.5 to 1.5. Fused linears have the
 * columns of {@link Linear}: query, key, value; gate, up.
 */
public final class LayerWeightSource {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  /** Weights of one layer of those that a seed makes. */
  public LayerWeightSource(long seed, int layer) {
    this.seed = mix(seed + GOLDEN * (layer + 1));
  }

  /** The norms of a layer. */
  public enum Norm {
    INPUT,
    MLP,
    QUERY,
    KEY
  }

  /**
   * Rows of a matrix of k x n, and some of its columns, side by side.
   *
   * @param expert of a routed linear; 0 otherwise
   * @param columns first column and number of columns, for each run of columns
   */
  public Matrix part(
      Linear linear, int expert, int k, int n, int firstRow, int rows, int... columns) {
    int width = 0;
    for (int run = 0; run < columns.length; run += 2) {
      width += columns[run + 1];
    }
    Matrix part = Matrix.zeros(rows, width);
    long matrix = mix(seed ^ mix(linear.ordinal() + 1L) ^ GOLDEN * expert);
    double scale = Math.sqrt(3.0 / k);
    for (int i = 0; i < rows; i++) {
      int to = part.offset() + i * part.rowStride();
      for (int run = 0; run < columns.length; run += 2) {
        long from = (long) (firstRow + i) * n + columns[run];
        for (int j = 0; j < columns[run + 1]; j++) {
          part.data()[to++] = (float) (scale * symmetric(matrix, from + j));
        }
      }
    }
    return part;
  }

  /** The whole of a matrix. */
  public Matrix whole(Linear linear, int expert, int k, int n) {
    return part(linear, expert, k, n, 0, k, 0, n);
  }

  /** A norm over n elements, (1, n). */
  public Matrix norm(Norm norm, int n) {
    Matrix weights = Matrix.zeros(1, n);
    long vector = mix(seed ^ mix(-1L - norm.ordinal()));
    for (int j = 0; j < n; j++) {
      weights.data()[weights.offset() + j] = (float) (1 + symmetric(vector, j) / 2);
    }
    return weights;
  }

  /** Uniform in -1 to 1. */
  private static double symmetric(long stream, long at) {
    return (mix(stream + GOLDEN * at) >> 11) * 0x1p-52;
  }

  /**
   * The finaliser of SplitMix64: G. Steele et al., Fast splittable pseudorandom number generators.
   */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
