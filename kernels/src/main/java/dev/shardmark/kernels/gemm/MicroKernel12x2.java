package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 12 by 2 vectors, for machines of 32 vector registers: 24 accumulators for
 * 14 loads a step.
 *
 * <p>As in {@link MicroKernel6x2}, branches that are never taken keep the loads of a step from all
 * being done first: 24 + 2 + 4 vectors fit.
 */
final class MicroKernel12x2 implements MicroKernel {
  /** No index has these values; not final, or the compiler might know that too. */
  private int never = -1;

  private int norThis = -2;

  @Override
  public int rows() {
    return 12;
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
    FloatVector l6 = FloatVector.fromArray(F, tile, at + 12 * LANES);
    FloatVector r6 = FloatVector.fromArray(F, tile, at + 13 * LANES);
    FloatVector l7 = FloatVector.fromArray(F, tile, at + 14 * LANES);
    FloatVector r7 = FloatVector.fromArray(F, tile, at + 15 * LANES);
    FloatVector l8 = FloatVector.fromArray(F, tile, at + 16 * LANES);
    FloatVector r8 = FloatVector.fromArray(F, tile, at + 17 * LANES);
    FloatVector l9 = FloatVector.fromArray(F, tile, at + 18 * LANES);
    FloatVector r9 = FloatVector.fromArray(F, tile, at + 19 * LANES);
    FloatVector l10 = FloatVector.fromArray(F, tile, at + 20 * LANES);
    FloatVector r10 = FloatVector.fromArray(F, tile, at + 21 * LANES);
    FloatVector l11 = FloatVector.fromArray(F, tile, at + 22 * LANES);
    FloatVector r11 = FloatVector.fromArray(F, tile, at + 23 * LANES);
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
      if (p == never) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[START + 4 * KC + p]);
      l4 = nv.fma(wl, l4);
      r4 = nv.fma(wr, r4);
      nv = FloatVector.broadcast(F, narrow[START + 5 * KC + p]);
      l5 = nv.fma(wl, l5);
      r5 = nv.fma(wr, r5);
      nv = FloatVector.broadcast(F, narrow[START + 6 * KC + p]);
      l6 = nv.fma(wl, l6);
      r6 = nv.fma(wr, r6);
      nv = FloatVector.broadcast(F, narrow[START + 7 * KC + p]);
      l7 = nv.fma(wl, l7);
      r7 = nv.fma(wr, r7);
      if (p == norThis) {
        break;
      }
      nv = FloatVector.broadcast(F, narrow[START + 8 * KC + p]);
      l8 = nv.fma(wl, l8);
      r8 = nv.fma(wr, r8);
      nv = FloatVector.broadcast(F, narrow[START + 9 * KC + p]);
      l9 = nv.fma(wl, l9);
      r9 = nv.fma(wr, r9);
      nv = FloatVector.broadcast(F, narrow[START + 10 * KC + p]);
      l10 = nv.fma(wl, l10);
      r10 = nv.fma(wr, r10);
      nv = FloatVector.broadcast(F, narrow[START + 11 * KC + p]);
      l11 = nv.fma(wl, l11);
      r11 = nv.fma(wr, r11);
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
    l6.intoArray(tile, at + 12 * LANES);
    r6.intoArray(tile, at + 13 * LANES);
    l7.intoArray(tile, at + 14 * LANES);
    r7.intoArray(tile, at + 15 * LANES);
    l8.intoArray(tile, at + 16 * LANES);
    r8.intoArray(tile, at + 17 * LANES);
    l9.intoArray(tile, at + 18 * LANES);
    r9.intoArray(tile, at + 19 * LANES);
    l10.intoArray(tile, at + 20 * LANES);
    r10.intoArray(tile, at + 21 * LANES);
    l11.intoArray(tile, at + 22 * LANES);
    r11.intoArray(tile, at + 23 * LANES);
  }
}
