package dev.shardmark.kernels.rope;

import dev.shardmark.kernels.Matrix;

/**
 * Cosine and sine of the angle of every pair at every position: element (p, i) for pair i at
 * position p.
 *
 * @param cos (positions, pairs)
 * @param sin (positions, pairs)
 * @throws IllegalArgumentException if the shapes disagree
 */
public record RopeTable(Matrix cos, Matrix sin) {
  public RopeTable {
    if (cos.rows() != sin.rows() || cos.cols() != sin.cols()) {
      throw new IllegalArgumentException(
          "shapes disagree: cos is "
              + cos.rows()
              + "x"
              + cos.cols()
              + ", sin is "
              + sin.rows()
              + "x"
              + sin.cols());
    }
  }

  /**
   * The paper's angles, {@code p * base^(-2 i / d)}, for positions from 0: computed in double and
   * then rounded, so that an entry is wrong by 2^-25 and about p * 2^-51.
   *
   * @param positions number of positions, at least 0
   * @param rotated d, elements of a head that are rotated: even, at least 0
   * @param base 10000 in the paper; models for long contexts take more
   * @throws IllegalArgumentException if d is odd or anything is out of range
   */
  public static RopeTable of(int positions, int rotated, double base) {
    if (rotated < 0 || rotated % 2 != 0 || !(base > 0 && base < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "rotated must be even and base positive: rotated=" + rotated + " base=" + base);
    }
    int pairs = rotated / 2;
    RopeTable table = new RopeTable(Matrix.zeros(positions, pairs), Matrix.zeros(positions, pairs));
    for (int i = 0; i < pairs; i++) {
      double frequency = Math.pow(base, -2.0 * i / rotated);
      for (int p = 0; p < positions; p++) {
        table.cos.data()[table.cos.offset() + p * pairs + i] = (float) Math.cos(p * frequency);
        table.sin.data()[table.sin.offset() + p * pairs + i] = (float) Math.sin(p * frequency);
      }
    }
    return table;
  }

  /** How many positions it knows. */
  public int positions() {
    return cos.rows();
  }

  /** How many pairs of a head it rotates. */
  public int pairs() {
    return cos.cols();
  }
}
