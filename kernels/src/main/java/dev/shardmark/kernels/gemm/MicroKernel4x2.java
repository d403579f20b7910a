package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 4 rows by 2 vectors, for machines of 16 vector registers: 8 accumulators
 * just cover a latency of 4 cycles at two FMAs a cycle.
 *
 * <p>C2 loads all operands of a step before it multiplies, so a tile must leave room for every one
 * of them: 8 + 2 + 4 registers fit, while 6 x 2 (12 + 2 + 6) and 5 x 2 spill an accumulator in each
 * step and run at half this speed, as 3 x 3 does in some compilations. For the same reason k is not
 * unrolled.
 */
final class MicroKernel4x2 implements MicroKernel {
  private static final int MR = 4;

  @Override
  public int rows() {
    return MR;
  }

  @Override
  public void run(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add) {
    tile(kc, a, aAt, b, bAt, c, cAt, ldc, add);
  }

  private static void tile(
      int kc, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int ldc, boolean add) {
    FloatVector l0 = FloatVector.zero(F);
    FloatVector r0 = FloatVector.zero(F);
    FloatVector l1 = FloatVector.zero(F);
    FloatVector r1 = FloatVector.zero(F);
    FloatVector l2 = FloatVector.zero(F);
    FloatVector r2 = FloatVector.zero(F);
    FloatVector l3 = FloatVector.zero(F);
    FloatVector r3 = FloatVector.zero(F);
    for (int p = 0, ap = aAt, bp = bAt; p < kc; p++, ap += MR, bp += NR) {
      FloatVector bl = FloatVector.fromArray(F, b, bp);
      FloatVector br = FloatVector.fromArray(F, b, bp + LANES);
      FloatVector av = FloatVector.broadcast(F, a[ap]);
      l0 = av.fma(bl, l0);
      r0 = av.fma(br, r0);
      av = FloatVector.broadcast(F, a[ap + 1]);
      l1 = av.fma(bl, l1);
      r1 = av.fma(br, r1);
      av = FloatVector.broadcast(F, a[ap + 2]);
      l2 = av.fma(bl, l2);
      r2 = av.fma(br, r2);
      av = FloatVector.broadcast(F, a[ap + 3]);
      l3 = av.fma(bl, l3);
      r3 = av.fma(br, r3);
    }
    int row = cAt;
    store(l0, r0, c, row, add);
    row += ldc;
    store(l1, r1, c, row, add);
    row += ldc;
    store(l2, r2, c, row, add);
    row += ldc;
    store(l3, r3, c, row, add);
  }

  private static void store(FloatVector l, FloatVector r, float[] c, int at, boolean add) {
    if (add) {
      l = l.add(FloatVector.fromArray(F, c, at));
      r = r.add(FloatVector.fromArray(F, c, at + LANES));
    }
    l.intoArray(c, at);
    r.intoArray(c, at + LANES);
  }
}
