package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 4 by 2 vectors, for few rows against a wide side that comes from memory:
 * it asks for two vectors every 4 cycles, which is more than memory delivers.
 */
public final class MicroKernel4x2 implements MicroKernel {
  @Override
  public int rows() {
    return 4;
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
    FloatVector l2 = FloatVector.fromArray(F, tile, at + 4 * LANES);
    FloatVector r2 = FloatVector.fromArray(F, tile, at + 5 * LANES);
    FloatVector l3 = FloatVector.fromArray(F, tile, at + 6 * LANES);
    FloatVector r3 = FloatVector.fromArray(F, tile, at + 7 * LANES);
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
      nv = FloatVector.broadcast(F, narrow[START + 2 * KC + p]);
      l2 = nv.fma(wl, l2);
      r2 = nv.fma(wr, r2);
      nv = FloatVector.broadcast(F, narrow[START + 3 * KC + p]);
      l3 = nv.fma(wl, l3);
      r3 = nv.fma(wr, r3);
    }
    l0.intoArray(tile, at);
    r0.intoArray(tile, at + LANES);
    l1.intoArray(tile, at + 2 * LANES);
    r1.intoArray(tile, at + 3 * LANES);
    l2.intoArray(tile, at + 4 * LANES);
    r2.intoArray(tile, at + 5 * LANES);
    l3.intoArray(tile, at + 6 * LANES);
    r3.intoArray(tile, at + 7 * LANES);
  }
}
