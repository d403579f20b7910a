package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import java.util.SplittableRandom;

/**
 * Logits as a language model gives them: few tokens have almost all probability.
 *
 * <p>The r-th likeliest token of a row has a probability proportional to r^-1.5, so that of 128256
 * tokens 57 have 0.9 of it; which token is the r-th is random. Independent logits of one size would
 * be far too flat.
 */
final class PeakedLogits {
  private static final double EXPONENT = -1.5;

  private PeakedLogits() {}

  /** A dense rows x vocabulary matrix that depends on the seed alone. */
  static Matrix of(int rows, int vocabulary, long seed) {
    Matrix logits = Matrix.zeros(rows, vocabulary);
    SplittableRandom random = new SplittableRandom(seed);
    float[] data = logits.data();
    for (int i = 0; i < rows; i++) {
      int at = logits.offset() + i * logits.rowStride();
      for (int j = 0; j < vocabulary; j++) { // a shuffle: the new rank goes anywhere so far
        int other = at + random.nextInt(j + 1);
        data[at + j] = data[other];
        data[other] = (float) (EXPONENT * Math.log(j + 1));
      }
    }
    return logits;
  }
}
