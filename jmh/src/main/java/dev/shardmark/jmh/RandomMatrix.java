package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import java.util.SplittableRandom;

/** Operands of a benchmark: reproducible values in [-1, 1). */
final class RandomMatrix {
  /** Values until they repeat; a prime, so that no two rows of a matrix start alike. */
  private static final int PERIOD = 1_000_003;

  private RandomMatrix() {}

  /** A dense rows x cols matrix that depends on the seed alone. */
  static Matrix of(int rows, int cols, long seed) {
    Matrix matrix = Matrix.zeros(rows, cols);
    SplittableRandom random = new SplittableRandom(seed);
    float[] data = matrix.data();
    int first = Math.min(data.length, matrix.offset() + PERIOD);
    for (int i = matrix.offset(); i < first; i++) {
      data[i] = random.nextFloat() * 2 - 1;
    }
    for (int i = first; i < data.length; i += PERIOD) {
      System.arraycopy(data, matrix.offset(), data, i, Math.min(PERIOD, data.length - i));
    }
    return matrix;
  }
}
