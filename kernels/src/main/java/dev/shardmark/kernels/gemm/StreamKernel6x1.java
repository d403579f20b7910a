package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link StreamKernel6x2} with one vector, for so few tokens that they fill no more. Its 6 sums
 * wait for each other a quarter of the time, which memory takes anyway; pairs of steps with 12 sums
 * spill.
 */
final class StreamKernel6x1 implements MicroKernel {
  @Override
  public int rows() {
    return 6;
  }

  @Override
  public int cols() {
    return LANES;
  }

  @Override
  public int run() {
    return LANES;
  }

  @Override
  public void run(int kc, float[] narrow, float[] wide, float[] tile, int at) {
    FloatVector s0 = FloatVector.fromArray(F, tile, at);
    FloatVector s1 = FloatVector.fromArray(F, tile, at + LANES);
    FloatVector s2 = FloatVector.fromArray(F, tile, at + 2 * LANES);
    FloatVector s3 = FloatVector.fromArray(F, tile, at + 3 * LANES);
    FloatVector s4 = FloatVector.fromArray(F, tile, at + 4 * LANES);
    FloatVector s5 = FloatVector.fromArray(F, tile, at + 5 * LANES);
    for (int p = 0; p < kc; p++) {
      int np = START + p + (p & -LANES) * 5;
      FloatVector wv = FloatVector.fromArray(F, wide, START + p * LANES);
      s0 = wv.fma(FloatVector.broadcast(F, narrow[np]), s0);
      s1 = wv.fma(FloatVector.broadcast(F, narrow[np + LANES]), s1);
      s2 = wv.fma(FloatVector.broadcast(F, narrow[np + 2 * LANES]), s2);
      s3 = wv.fma(FloatVector.broadcast(F, narrow[np + 3 * LANES]), s3);
      s4 = wv.fma(FloatVector.broadcast(F, narrow[np + 4 * LANES]), s4);
      s5 = wv.fma(FloatVector.broadcast(F, narrow[np + 5 * LANES]), s5);
    }
    s0.intoArray(tile, at);
    s1.intoArray(tile, at + LANES);
    s2.intoArray(tile, at + 2 * LANES);
    s3.intoArray(tile, at + 3 * LANES);
    s4.intoArray(tile, at + 4 * LANES);
    s5.intoArray(tile, at + 5 * LANES);
  }
}
