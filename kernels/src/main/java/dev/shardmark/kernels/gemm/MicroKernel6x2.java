package dev.shardmark.kernels.gemm;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link MicroKernel} of 6 rows by 2 vectors, for machines of 16 vector registers: 12 accumulators
 * cover a latency of 4 to 5 cycles at two FMAs a cycle.
 *
 * <p>C2 moves every load of a basic block above the block's FMAs. A plain 6 x 2 step would hold 12
 * + 2 + 6 vectors, spill in each step and run at 40 % of this speed, so two branches that are never
 * taken cut the step into three blocks: no load moves above the branch before it, and 12 + 2 + 2
 * vectors fit. For the same reason k is not unrolled. A branch after the loop (add to C or not)
 * brings the spills back in some compilations; that is why the tile starts from values in memory.
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
      if (p == never) {
        break;
      }
      av = FloatVector.broadcast(F, a[START + 2 * KC + p]);
      l2 = av.fma(bl, l2);
      r2 = av.fma(br, r2);
      av = FloatVector.broadcast(F, a[START + 3 * KC + p]);
      l3 = av.fma(bl, l3);
      r3 = av.fma(br, r3);
      if (p == norThis) {
        break;
      }
      av = FloatVector.broadcast(F, a[START + 4 * KC + p]);
      l4 = av.fma(bl, l4);
      r4 = av.fma(br, r4);
      av = FloatVector.broadcast(F, a[START + 5 * KC + p]);
      l5 = av.fma(bl, l5);
      r5 = av.fma(br, r5);
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
  }
}
