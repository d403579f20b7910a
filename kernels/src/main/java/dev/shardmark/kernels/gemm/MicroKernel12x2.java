package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 12 rows by 2 vectors, for machines of 32 vector registers: 24 accumulators
 * for 14 loads a step.
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
  public void run(
      int kc,
      float[] a,
      float[] b,
      float[] from,
      int fromAt,
      int fromStride,
      float[] c,
      int cAt,
      int cStride) {
    tile(kc, a, b, from, fromAt, fromStride, c, cAt, cStride, never, norThis);
  }

  private static void tile(
      int kc,
      float[] a,
      float[] b,
      float[] from,
      int fromAt,
      int fromStride,
      float[] c,
      int cAt,
      int cStride,
      int never,
      int norThis) {
    FloatVector l0 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r0 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l1 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r1 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l2 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r2 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l3 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r3 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l4 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r4 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l5 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r5 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l6 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r6 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l7 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r7 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l8 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r8 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l9 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r9 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l10 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r10 = FloatVector.fromArray(F, from, fromAt + LANES);
    fromAt += fromStride;
    FloatVector l11 = FloatVector.fromArray(F, from, fromAt);
    FloatVector r11 = FloatVector.fromArray(F, from, fromAt + LANES);
    for (int p = 0; p < kc; p++) {
      int bp = START + p * NR;
      FloatVector bl = FloatVector.fromArray(F, b, bp);
      FloatVector br = FloatVector.fromArray(F, b, bp + LANES);
      FloatVector av = FloatVector.broadcast(F, a[START + p]);
      l0 = av.fma(bl, l0);
      r0 = av.fma(br, r0);
      av = FloatVector.broadcast(F, a[START + KC + p]);
      l1 = av.fma(bl, l1);
      r1 = av.fma(br, r1);
      av = FloatVector.broadcast(F, a[START + 2 * KC + p]);
      l2 = av.fma(bl, l2);
      r2 = av.fma(br, r2);
      av = FloatVector.broadcast(F, a[START + 3 * KC + p]);
      l3 = av.fma(bl, l3);
      r3 = av.fma(br, r3);
      if (p == never) {
        break;
      }
      av = FloatVector.broadcast(F, a[START + 4 * KC + p]);
      l4 = av.fma(bl, l4);
      r4 = av.fma(br, r4);
      av = FloatVector.broadcast(F, a[START + 5 * KC + p]);
      l5 = av.fma(bl, l5);
      r5 = av.fma(br, r5);
      av = FloatVector.broadcast(F, a[START + 6 * KC + p]);
      l6 = av.fma(bl, l6);
      r6 = av.fma(br, r6);
      av = FloatVector.broadcast(F, a[START + 7 * KC + p]);
      l7 = av.fma(bl, l7);
      r7 = av.fma(br, r7);
      if (p == norThis) {
        break;
      }
      av = FloatVector.broadcast(F, a[START + 8 * KC + p]);
      l8 = av.fma(bl, l8);
      r8 = av.fma(br, r8);
      av = FloatVector.broadcast(F, a[START + 9 * KC + p]);
      l9 = av.fma(bl, l9);
      r9 = av.fma(br, r9);
      av = FloatVector.broadcast(F, a[START + 10 * KC + p]);
      l10 = av.fma(bl, l10);
      r10 = av.fma(br, r10);
      av = FloatVector.broadcast(F, a[START + 11 * KC + p]);
      l11 = av.fma(bl, l11);
      r11 = av.fma(br, r11);
    }
    l0.intoArray(c, cAt);
    r0.intoArray(c, cAt + LANES);
    cAt += cStride;
    l1.intoArray(c, cAt);
    r1.intoArray(c, cAt + LANES);
    cAt += cStride;
    l2.intoArray(c, cAt);
    r2.intoArray(c, cAt + LANES);
    cAt += cStride;
    l3.intoArray(c, cAt);
    r3.intoArray(c, cAt + LANES);
    cAt += cStride;
    l4.intoArray(c, cAt);
    r4.intoArray(c, cAt + LANES);
    cAt += cStride;
    l5.intoArray(c, cAt);
    r5.intoArray(c, cAt + LANES);
    cAt += cStride;
    l6.intoArray(c, cAt);
    r6.intoArray(c, cAt + LANES);
    cAt += cStride;
    l7.intoArray(c, cAt);
    r7.intoArray(c, cAt + LANES);
    cAt += cStride;
    l8.intoArray(c, cAt);
    r8.intoArray(c, cAt + LANES);
    cAt += cStride;
    l9.intoArray(c, cAt);
    r9.intoArray(c, cAt + LANES);
    cAt += cStride;
    l10.intoArray(c, cAt);
    r10.intoArray(c, cAt + LANES);
    cAt += cStride;
    l11.intoArray(c, cAt);
    r11.intoArray(c, cAt + LANES);
  }
}
