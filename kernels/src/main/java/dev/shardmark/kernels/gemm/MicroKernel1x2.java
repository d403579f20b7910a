package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of one row: so few instructions for each line of memory that many lines are
 * on their way at once.
 */
public final class MicroKernel1x2 implements MicroKernel {
  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int cols() {
    return NR;
  }

  @Override
  public int run() {
    return KC;
  }

  @Override
  public void run(int kc, float[] narrow, float[] wide, float[] tile, int at) {
    FloatVector l = FloatVector.fromArray(F, tile, at);
    FloatVector r = FloatVector.fromArray(F, tile, at + LANES);
    for (int p = 0; p < kc; p++) {
      int wp = START + p * NR;
      FloatVector nv = FloatVector.broadcast(F, narrow[START + p]);
      l = nv.fma(FloatVector.fromArray(F, wide, wp), l);
      r = nv.fma(FloatVector.fromArray(F, wide, wp + LANES), r);
    }
    l.intoArray(tile, at);
    r.intoArray(tile, at + LANES);
  }
}
