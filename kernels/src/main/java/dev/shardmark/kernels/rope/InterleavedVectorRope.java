package dev.shardmark.kernels.rope;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link Rope} on neighbours with the Vector API: {@code x * cos + swapped * sin}, where each
 * cosine stands twice, each sine once negative and once positive, and swapped has the two of a pair
 * exchanged.
 *
 * <p>Two vectors of x use one of cosines and one of sines, which are spread once for all heads of a
 * token. Pairs that fill no vector are done by plain loops.
 */
public final class InterleavedVectorRope implements Rope {
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F, lane -> lane ^ 1);
  private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(F, lane -> lane / 2);
  private static final VectorShuffle<Float> HIGH_TWICE =
      VectorShuffle.fromOp(F, lane -> (LANES + lane) / 2);

  /** -1 for the first of a pair, 1 for the second. */
  private static final FloatVector SIGNS = FloatVector.fromArray(F, signs(), 0);

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
        heads(x.data(), row + 2 * i, end, headDim, cos.data(), cosAt + i, sin.data(), sinAt + i);
      }
      if (i < pairs) {
        for (int at = row; at < end; at += headDim) {
          ScalarRope.neighbours(x.data(), at, cos.data(), cosAt, sin.data(), sinAt, i, pairs);
        }
      }
    }
  }

  private static void heads(
      float[] x, int from, int end, int headDim, float[] cos, int cosAt, float[] sin, int sinAt) {
    FloatVector c = FloatVector.fromArray(F, cos, cosAt);
    FloatVector s = FloatVector.fromArray(F, sin, sinAt);
    FloatVector c0 = c.rearrange(LOW_TWICE);
    FloatVector c1 = c.rearrange(HIGH_TWICE);
    FloatVector s0 = s.rearrange(LOW_TWICE).mul(SIGNS);
    FloatVector s1 = s.rearrange(HIGH_TWICE).mul(SIGNS);
    for (int at = from; at < end; at += headDim) {
      FloatVector x0 = FloatVector.fromArray(F, x, at);
      FloatVector x1 = FloatVector.fromArray(F, x, at + LANES);
      x0.fma(c0, x0.rearrange(SWAP).mul(s0)).intoArray(x, at);
      x1.fma(c1, x1.rearrange(SWAP).mul(s1)).intoArray(x, at + LANES);
    }
  }

  private static float[] signs() {
    float[] signs = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      signs[lane] = lane % 2 == 0 ? -1 : 1;
    }
    return signs;
  }
}
