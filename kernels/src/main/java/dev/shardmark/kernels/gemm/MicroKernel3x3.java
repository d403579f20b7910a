package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 3 rows by 3 vectors, for machines of 16 vector registers: 9 accumulators
 * cover a latency of 4 cycles at two FMAs a cycle.
 *
 * <p>C2 loads all operands of a step before it multiplies, so a tile must leave room for every one
 * of them: 9 + 3 + 3 registers fit, while 6 x 2 (12 + 2 + 6) and 5 x 2 spill an accumulator in each
 * step and run at half this speed. For the same reason k is not unrolled.
 */
final class MicroKernel3x3 implements MicroKernel {
  private static final int MR = 3;
  private static final int NR = 3 * LANES;

  @Override
  public int rows() {
    return MR;
  }

  @Override
  public int vectors() {
    return 3;
  }

  @Override
  public void run(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add) {
    tile(kc, a, aAt, b, bAt, c, cAt, ldc, add);
  }

  private static void tile(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add) {
    FloatVector l0 = FloatVector.zero(F);
    FloatVector m0 = FloatVector.zero(F);
    FloatVector r0 = FloatVector.zero(F);
    FloatVector l1 = FloatVector.zero(F);
    FloatVector m1 = FloatVector.zero(F);
    FloatVector r1 = FloatVector.zero(F);
    FloatVector l2 = FloatVector.zero(F);
    FloatVector m2 = FloatVector.zero(F);
    FloatVector r2 = FloatVector.zero(F);
    for (int p = 0, ap = aAt, bp = bAt; p < kc; p++, ap += MR, bp += NR) {
      FloatVector bl = FloatVector.fromArray(F, b, bp);
      FloatVector bm = FloatVector.fromArray(F, b, bp + LANES);
      FloatVector br = FloatVector.fromArray(F, b, bp + 2 * LANES);
      FloatVector av = FloatVector.broadcast(F, a[ap]);
      l0 = av.fma(bl, l0);
      m0 = av.fma(bm, m0);
      r0 = av.fma(br, r0);
      av = FloatVector.broadcast(F, a[ap + 1]);
      l1 = av.fma(bl, l1);
      m1 = av.fma(bm, m1);
      r1 = av.fma(br, r1);
      av = FloatVector.broadcast(F, a[ap + 2]);
      l2 = av.fma(bl, l2);
      m2 = av.fma(bm, m2);
      r2 = av.fma(br, r2);
    }
    store(l0, m0, r0, c, cAt, add);
    store(l1, m1, r1, c, cAt + ldc, add);
    store(l2, m2, r2, c, cAt + 2 * ldc, add);
  }

  private static void store(
      FloatVector l, FloatVector m, FloatVector r, float[] c, int at, boolean add) {
    if (add) {
      l = l.add(FloatVector.fromArray(F, c, at));
      m = m.add(FloatVector.fromArray(F, c, at + LANES));
      r = r.add(FloatVector.fromArray(F, c, at + 2 * LANES));
    }
    l.intoArray(c, at);
    m.intoArray(c, at + LANES);
    r.intoArray(c, at + 2 * LANES);
  }
}
