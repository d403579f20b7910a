package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 6 by 2 vectors, for machines of 16 vector registers: 12 accumulators cover
 * a latency of 4 to 5 cycles at two FMAs a cycle.
 *
 * <p>C2 moves every load of a basic block above the block's FMAs. A plain 6 x 2 step would hold 12
 * + 2 + 6 vectors, spill in each step and run at 40 % of this speed, so two branches that are never
 * taken cut the step into three blocks: no load moves above the branch before it, and 12 + 2 + 2
 * vectors fit. For the same reason k is not unrolled. A branch after the loop brings the spills
 * back in some compilations; that is why a tile always adds to what is there.
 */
final class MicroKernel6x2 implements MicroKernel {
  /** No index has these values; not final, or the compiler might know that too. */
  private int never = -1;

  private int norThis = -2;

  @Override
  public int rows() {
    return 6;
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
    tile(kc, narrow, wide, tile, at, never, norThis);
  }

  private static void tile(
      int kc, float[] narrow, float[] wide, float[] tile, int at, int never, int norThis) {
    FloatVector l0 = FloatVector.fromArray(F, tile, at);
    FloatVector r0 = FloatVector.fromArray(F, tile, at + LANES);
    FloatVector l1 = FloatVector.fromArray(F, tile, at + 2 * LANES);
    FloatVector r1 = FloatVector.fromArray(F, tile, at + 3 * LANES);
    FloatVector l2 = FloatVector.fromArray(F, tile, at + 4 * LANES);
    FloatVector r2 = FloatVector.fromArray(F, tile, at + 5 * LANES);
    FloatVector l3 = FloatVector.fromArray(F, tile, at + 6 * LANES);
    FloatVector r3 = FloatVector.fromArray(F, tile, at + 7 * LANES);
    FloatVector l4 = FloatVector.fromArray(F, tile, at + 8 * LANES);
    FloatVector r4 = FloatVector.fromArray(F, tile, at + 9 * LANES);
    FloatVector l5 = FloatVector.fromArray(F, tile, at + 10 * LANES);
    FloatVector r5 = FloatVector.fromArray(F, tile, at + 11 * LANES);
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
      if (p == never) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[START + 2 * KC + p]);
      l2 = nv.fma(wl, l2);
      r2 = nv.fma(wr, r2);
      nv = FloatVector.broadcast(F, narrow[START + 3 * KC + p]);
      l3 = nv.fma(wl, l3);
      r3 = nv.fma(wr, r3);
      if (p == norThis) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[START + 4 * KC + p]);
      l4 = nv.fma(wl, l4);
      r4 = nv.fma(wr, r4);
      nv = FloatVector.broadcast(F, narrow[START + 5 * KC + p]);
      l5 = nv.fma(wl, l5);
      r5 = nv.fma(wr, r5);
    }
    l0.intoArray(tile, at);
    r0.intoArray(tile, at + LANES);
    l1.intoArray(tile, at + 2 * LANES);
    r1.intoArray(tile, at + 3 * LANES);
    l2.intoArray(tile, at + 4 * LANES);
    r2.intoArray(tile, at + 5 * LANES);
    l3.intoArray(tile, at + 6 * LANES);
    r3.intoArray(tile, at + 7 * LANES);
    l4.intoArray(tile, at + 8 * LANES);
    r4.intoArray(tile, at + 9 * LANES);
    l5.intoArray(tile, at + 10 * LANES);
    r5.intoArray(tile, at + 11 * LANES);
  }
}
