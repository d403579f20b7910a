package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.gemm.MicroKernel.NR;

import dev.shardmark.kernels.math.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** {@link MicroKernel1x2} whose wide panel is of bf16, like that of {@link Bf16Kernel4x2}. */
public final class Bf16Kernel1x2 {
  private Bf16Kernel1x2() {}

  /** As {@link MicroKernel#run(int, float[], float[], float[], int)}. */
  public static void run(int kc, float[] narrow, short[] wide, float[] tile, int at) {
    FloatVector l = FloatVector.fromArray(F, tile, at);
    FloatVector r = FloatVector.fromArray(F, tile, at + LANES);
    for (int p = 0; p < kc; p++) {
      IntVector pairs =
          ShortVector.fromArray(Bf16.PAIRS, wide, Bf16.START + p * NR).reinterpretAsInts();
      FloatVector nv = FloatVector.broadcast(F, narrow[START + p]);
      l = nv.fma(pairs.lanewise(VectorOperators.LSHL, Bf16.DROPPED).reinterpretAsFloats(), l);
      r = nv.fma(pairs.and(Bf16.UPPER).reinterpretAsFloats(), r);
    }
    l.intoArray(tile, at);
    r.intoArray(tile, at + LANES);
  }
}
