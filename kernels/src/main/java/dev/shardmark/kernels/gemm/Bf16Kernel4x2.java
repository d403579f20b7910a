package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.KC;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.math.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link MicroKernel4x2} whose wide panel is of bf16, as {@link Bf16#pairPlace} orders it: one load
 * takes the values of a step, a shift and a mask make two vectors of floats of them.
 */
public final class Bf16Kernel4x2 {
  private Bf16Kernel4x2() {}

  /** As {@link MicroKernel#run(int, float[], float[], float[], int)}. */
  public static void run(int kc, float[] narrow, short[] wide, float[] tile, int at) {
    FloatVector l0 = FloatVector.fromArray(F, tile, at);
    FloatVector r0 = FloatVector.fromArray(F, tile, at + LANES);
    FloatVector l1 = FloatVector.fromArray(F, tile, at + 2 * LANES);
    FloatVector r1 = FloatVector.fromArray(F, tile, at + 3 * LANES);
    FloatVector l2 = FloatVector.fromArray(F, tile, at + 4 * LANES);
    FloatVector r2 = FloatVector.fromArray(F, tile, at + 5 * LANES);
    FloatVector l3 = FloatVector.fromArray(F, tile, at + 6 * LANES);
    FloatVector r3 = FloatVector.fromArray(F, tile, at + 7 * LANES);
    for (int p = 0; p < kc; p++) {
      IntVector pairs =
          ShortVector.fromArray(Bf16.PAIRS, wide, Bf16.START + p * NR).reinterpretAsInts();
      FloatVector wl = pairs.lanewise(VectorOperators.LSHL, Bf16.DROPPED).reinterpretAsFloats();
      FloatVector wr = pairs.and(Bf16.UPPER).reinterpretAsFloats();
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
