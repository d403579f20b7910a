package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** {@link MicroKernel} of two rows, for the reason of {@link MicroKernel1x2}. */
public final class MicroKernel2x2 implements MicroKernel {
  @Override
  public int rows() {
    return 2;
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
    FloatVector l0 = FloatVector.fromArray(F, tile, at);
    FloatVector r0 = FloatVector.fromArray(F, tile, at + LANES);
    FloatVector l1 = FloatVector.fromArray(F, tile, at + 2 * LANES);
    FloatVector r1 = FloatVector.fromArray(F, tile, at + 3 * LANES);
    for (int p = 0; p < kc; p++) {
      int wp = START + p * NR;
      FloatVector wl = FloatVector.fromArray(F, wide, wp);
      FloatVector wr = FloatVector.fromArray(F, wide, wp + LANES);
      FloatVector nv = FloatVector.broadcast(F, narrow[START + p]);
      l0 = nv.fma(wl, l0);
      r0 = nv.fma(wr, r0);
      nv = FloatVector.broadcast(F, narrow[START + KC + p]);
      l1 = nv.fma(wl, l1);
      r1 = nv.fma(wr, r1);
    }
    l0.intoArray(tile, at);
    r0.intoArray(tile, at + LANES);
    l1.intoArray(tile, at + 2 * LANES);
    r1.intoArray(tile, at + 3 * LANES);
  }
}
