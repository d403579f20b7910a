package dev.shardmark.kernels.rope;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Rope} on halves with the Vector API: a vector of pairs at a time, through all heads of a
 * token, so that its cosines and sines are loaded once for all of them. Pairs that fill no vector
 * are done by plain loops.
 */
public final class HalfSplitVectorRope implements Rope {
  @Override
  public void rotate(Matrix x, int headDim, int[] positions, RopeTable table) {
    Rope.check(x, headDim, positions, table);
    Matrix cos = table.cos();
    Matrix sin = table.sin();
    int pairs = table.pairs();
    for (int t = 0; t < x.rows(); t++) {
      int row = x.offset() + t * x.rowStride();
      int end = row + x.cols();
      int cosAt = cos.offset() + positions[t] * cos.rowStride();
      int sinAt = sin.offset() + positions[t] * sin.rowStride();
      int i = 0;
      for (; i <= pairs - LANES; i += LANES) {
        heads(x.data(), row + i, end, headDim, pairs, cos.data(), cosAt + i, sin.data(), sinAt + i);
      }
      if (i < pairs) {
        for (int at = row; at < end; at += headDim) {
          ScalarRope.halves(x.data(), at, pairs, cos.data(), cosAt, sin.data(), sinAt, i);
        }
      }
    }
  }

  private static void heads(
      float[] x,
      int from,
      int end,
      int headDim,
      int pairs,
      float[] cos,
      int cosAt,
      float[] sin,
      int sinAt) {
    FloatVector c = FloatVector.fromArray(F, cos, cosAt);
    FloatVector s = FloatVector.fromArray(F, sin, sinAt);
    for (int at = from; at < end; at += headDim) {
      FloatVector a = FloatVector.fromArray(F, x, at);
      FloatVector b = FloatVector.fromArray(F, x, at + pairs);
      a.mul(c).sub(b.mul(s)).intoArray(x, at);
      a.fma(s, b.mul(c)).intoArray(x, at + pairs);
    }
  }
}
