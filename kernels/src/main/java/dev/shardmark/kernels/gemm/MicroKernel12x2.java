package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 12 rows by 2 vectors: 24 accumulators, 2 vectors of B and a broadcast of A
 * fill 27 of the 32 registers of AVX-512 or NEON. Per step of k: 2 loads and 12 broadcasts feed 24
 * FMAs.
 */
final class MicroKernel12x2 implements MicroKernel {
  private static final int MR = 12;

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
    FloatVector l4 = FloatVector.zero(F);
    FloatVector r4 = FloatVector.zero(F);
    FloatVector l5 = FloatVector.zero(F);
    FloatVector r5 = FloatVector.zero(F);
    FloatVector l6 = FloatVector.zero(F);
    FloatVector r6 = FloatVector.zero(F);
    FloatVector l7 = FloatVector.zero(F);
    FloatVector r7 = FloatVector.zero(F);
    FloatVector l8 = FloatVector.zero(F);
    FloatVector r8 = FloatVector.zero(F);
    FloatVector l9 = FloatVector.zero(F);
    FloatVector r9 = FloatVector.zero(F);
    FloatVector l10 = FloatVector.zero(F);
    FloatVector r10 = FloatVector.zero(F);
    FloatVector l11 = FloatVector.zero(F);
    FloatVector r11 = FloatVector.zero(F);
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
      av = FloatVector.broadcast(F, a[ap + 4]);
      l4 = av.fma(bl, l4);
      r4 = av.fma(br, r4);
      av = FloatVector.broadcast(F, a[ap + 5]);
      l5 = av.fma(bl, l5);
      r5 = av.fma(br, r5);
      av = FloatVector.broadcast(F, a[ap + 6]);
      l6 = av.fma(bl, l6);
      r6 = av.fma(br, r6);
      av = FloatVector.broadcast(F, a[ap + 7]);
      l7 = av.fma(bl, l7);
      r7 = av.fma(br, r7);
      av = FloatVector.broadcast(F, a[ap + 8]);
      l8 = av.fma(bl, l8);
      r8 = av.fma(br, r8);
      av = FloatVector.broadcast(F, a[ap + 9]);
      l9 = av.fma(bl, l9);
      r9 = av.fma(br, r9);
      av = FloatVector.broadcast(F, a[ap + 10]);
      l10 = av.fma(bl, l10);
      r10 = av.fma(br, r10);
      av = FloatVector.broadcast(F, a[ap + 11]);
      l11 = av.fma(bl, l11);
      r11 = av.fma(br, r11);
    }
    int row = cAt;
    store(l0, r0, c, row, add);
    row += ldc;
    store(l1, r1, c, row, add);
    row += ldc;
    store(l2, r2, c, row, add);
    row += ldc;
    store(l3, r3, c, row, add);
    row += ldc;
    store(l4, r4, c, row, add);
    row += ldc;
    store(l5, r5, c, row, add);
    row += ldc;
    store(l6, r6, c, row, add);
    row += ldc;
    store(l7, r7, c, row, add);
    row += ldc;
    store(l8, r8, c, row, add);
    row += ldc;
    store(l9, r9, c, row, add);
    row += ldc;
    store(l10, r10, c, row, add);
    row += ldc;
    store(l11, r11, c, row, add);
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
