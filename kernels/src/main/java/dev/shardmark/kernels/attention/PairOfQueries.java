package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * {@link FourKeys} for two queries a head apart: six loads serve eight multiply-adds, where one
 * query needs ten, and eight sums cover the latency of a multiply-add, where four do not. 14
 * vectors live, so that 16 registers hold them.
 */
final class PairOfQueries {
  private PairOfQueries() {}

  /**
   * Writes the products of four keys with a query to {@code to[at]}, with the next one further.
   *
   * @param never no index has this value, which the compiler must not know: a branch that is never
   *     taken keeps it from unrolling, whose loads it would all move above the arithmetic
   */
  static void fourDots(
      float[] q,
      int qAt,
      float[] k,
      int k0,
      int stride,
      int dim,
      float[] lanes,
      float[] to,
      int at,
      int toStride,
      int never) {
    int next = qAt + dim;
    int k1 = k0 + stride;
    int k2 = k1 + stride;
    int k3 = k2 + stride;
    int whole = dim - dim % LANES;
    FloatVector a0 = FloatVector.zero(F);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int d = 0; d < whole; d += LANES) {
      FloatVector qa = FloatVector.fromArray(F, q, qAt + d);
      FloatVector qb = FloatVector.fromArray(F, q, next + d);
      FloatVector key = FloatVector.fromArray(F, k, k0 + d);
      a0 = qa.fma(key, a0);
      b0 = qb.fma(key, b0);
      key = FloatVector.fromArray(F, k, k1 + d);
      a1 = qa.fma(key, a1);
      b1 = qb.fma(key, b1);
      if (d == never) {
        break;
      }
      key = FloatVector.fromArray(F, k, k2 + d);
      a2 = qa.fma(key, a2);
      b2 = qb.fma(key, b2);
      key = FloatVector.fromArray(F, k, k3 + d);
      a3 = qa.fma(key, a3);
      b3 = qb.fma(key, b3);
    }
    a0.intoArray(lanes, 0);
    a1.intoArray(lanes, LANES);
    a2.intoArray(lanes, 2 * LANES);
    a3.intoArray(lanes, 3 * LANES);
    FourSums.store(lanes, to, at);
    b0.intoArray(lanes, 0);
    b1.intoArray(lanes, LANES);
    b2.intoArray(lanes, 2 * LANES);
    b3.intoArray(lanes, 3 * LANES);
    FourSums.store(lanes, to, at + toStride);
    if (whole < dim) {
      FourKeys.addTails(q, qAt, k, k0, stride, whole, dim, to, at);
      FourKeys.addTails(q, next, k, k0, stride, whole, dim, to, at + toStride);
    }
  }

  /** Adds four weighted values to two rows of O; the second one's weights are further in p. */
  static void addFour(
      float[] p, int pAt, int pStride, float[] v, int v0, int stride, float[] o, int oAt, int dim) {
    int v1 = v0 + stride;
    int v2 = v1 + stride;
    int v3 = v2 + stride;
    int pNext = pAt + pStride;
    int oNext = oAt + dim;
    FloatVector a0 = FloatVector.broadcast(F, p[pAt]);
    FloatVector a1 = FloatVector.broadcast(F, p[pAt + 1]);
    FloatVector a2 = FloatVector.broadcast(F, p[pAt + 2]);
    FloatVector a3 = FloatVector.broadcast(F, p[pAt + 3]);
    FloatVector b0 = FloatVector.broadcast(F, p[pNext]);
    FloatVector b1 = FloatVector.broadcast(F, p[pNext + 1]);
    FloatVector b2 = FloatVector.broadcast(F, p[pNext + 2]);
    FloatVector b3 = FloatVector.broadcast(F, p[pNext + 3]);
    int whole = dim - dim % LANES;
    for (int d = 0; d < whole; d += LANES) {
      FloatVector x = FloatVector.fromArray(F, o, oAt + d);
      FloatVector y = FloatVector.fromArray(F, o, oNext + d);
      FloatVector value = FloatVector.fromArray(F, v, v0 + d);
      x = a0.fma(value, x);
      y = b0.fma(value, y);
      value = FloatVector.fromArray(F, v, v1 + d);
      x = a1.fma(value, x);
      y = b1.fma(value, y);
      value = FloatVector.fromArray(F, v, v2 + d);
      x = a2.fma(value, x);
      y = b2.fma(value, y);
      value = FloatVector.fromArray(F, v, v3 + d);
      a3.fma(value, x).intoArray(o, oAt + d);
      b3.fma(value, y).intoArray(o, oNext + d);
    }
    if (whole < dim) {
      FourKeys.addFourTails(p, pAt, v, v0, stride, o, oAt, whole, dim);
      FourKeys.addFourTails(p, pNext, v, v0, stride, o, oNext, whole, dim);
    }
  }
}
