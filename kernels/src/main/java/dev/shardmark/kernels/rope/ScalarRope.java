package dev.shardmark.kernels.rope;

import dev.shardmark.kernels.Matrix;

/** {@link Rope} in plain Java: head by head, pair by pair, a loop for each layout. */
public final class ScalarRope implements Rope {
  private final RopeLayout layout;

  public ScalarRope(RopeLayout layout) {
    this.layout = layout;
  }

  @Override
  public void rotate(Matrix x, int headDim, int[] positions, RopeTable table) {
    Rope.check(x, headDim, positions, table);
    Matrix cos = table.cos();
    Matrix sin = table.sin();
    int pairs = table.pairs();
    for (int t = 0; t < x.rows(); t++) {
      int row = x.offset() + t * x.rowStride();
      int cosAt = cos.offset() + positions[t] * cos.rowStride();
      int sinAt = sin.offset() + positions[t] * sin.rowStride();
      for (int at = row; at < row + x.cols(); at += headDim) {
        if (layout == RopeLayout.INTERLEAVED) {
          neighbours(x.data(), at, cos.data(), cosAt, sin.data(), sinAt, 0, pairs);
        } else {
          halves(x.data(), at, pairs, cos.data(), cosAt, sin.data(), sinAt, 0);
        }
      }
    }
  }

  /** Rotates the pairs from {@code i} on of the head that starts at {@code at}. */
  static void neighbours(
      float[] x, int at, float[] cos, int cosAt, float[] sin, int sinAt, int i, int pairs) {
    for (; i < pairs; i++) {
      float a = x[at + 2 * i];
      float b = x[at + 2 * i + 1];
      float c = cos[cosAt + i];
      float s = sin[sinAt + i];
      x[at + 2 * i] = a * c - b * s;
      x[at + 2 * i + 1] = a * s + b * c;
    }
  }

  /** Rotates the pairs from {@code i} on of the head that starts at {@code at}. */
  static void halves(
      float[] x, int at, int pairs, float[] cos, int cosAt, float[] sin, int sinAt, int i) {
    for (; i < pairs; i++) {
      float a = x[at + i];
      float b = x[at + pairs + i];
      float c = cos[cosAt + i];
      float s = sin[sinAt + i];
      x[at + i] = a * c - b * s;
      x[at + pairs + i] = a * s + b * c;
    }
  }
}
