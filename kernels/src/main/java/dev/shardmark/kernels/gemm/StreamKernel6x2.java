package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 6 by 2 vectors whose narrow panel is read from start to end: the tile of
 * products by weights that come from memory.
 *
 * <p>It asks memory for 24 bytes in the 6 cycles of a step, all along, and not for a panel at once
 * and then nothing. C2 checks the index of the narrow values in every step; on a core of its own
 * that costs nothing, beside a busy sibling thread a fifth. Groups of LANES cannot be a loop of
 * their own, since that spills. Branches that are never taken are there for the reason given in
 * {@link MicroKernel6x2}.
 */
final class StreamKernel6x2 implements MicroKernel {
  /** Not final, or the compiler might know that no index has these values. */
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
    return LANES;
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
      int np = START + p + (p & -LANES) * 5;
      int wp = START + p * NR;
      FloatVector wl = FloatVector.fromArray(F, wide, wp);
      FloatVector wr = FloatVector.fromArray(F, wide, wp + LANES);
      FloatVector nv = FloatVector.broadcast(F, narrow[np]);
      l0 = nv.fma(wl, l0);
      r0 = nv.fma(wr, r0);
      nv = FloatVector.broadcast(F, narrow[np + LANES]);
      l1 = nv.fma(wl, l1);
      r1 = nv.fma(wr, r1);
      if (p == never) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[np + 2 * LANES]);
      l2 = nv.fma(wl, l2);
      r2 = nv.fma(wr, r2);
      nv = FloatVector.broadcast(F, narrow[np + 3 * LANES]);
      l3 = nv.fma(wl, l3);
      r3 = nv.fma(wr, r3);
      if (p == norThis) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[np + 4 * LANES]);
      l4 = nv.fma(wl, l4);
      r4 = nv.fma(wr, r4);
      nv = FloatVector.broadcast(F, narrow[np + 5 * LANES]);
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
