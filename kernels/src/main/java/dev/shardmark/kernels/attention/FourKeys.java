package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * One query and four keys or values, lanes along the head. Keys and values lie a stride apart; the
 * elements of a head that fill no vector are done in plain code.
 */
final class FourKeys {
  private FourKeys() {}

  /** Writes the products of a query with four keys to {@code to[at]} and after. */
  static void fourDots(
      float[] q,
      int qAt,
      float[] k,
      int k0,
      int stride,
      int dim,
      float[] lanes,
      float[] to,
      int at) {
    int k1 = k0 + stride;
    int k2 = k1 + stride;
    int k3 = k2 + stride;
    int whole = dim - dim % LANES;
    FloatVector acc0 = FloatVector.zero(F);
    FloatVector acc1 = acc0;
    FloatVector acc2 = acc0;
    FloatVector acc3 = acc0;
    for (int d = 0; d < whole; d += LANES) {
      FloatVector qv = FloatVector.fromArray(F, q, qAt + d);
      acc0 = qv.fma(FloatVector.fromArray(F, k, k0 + d), acc0);
      acc1 = qv.fma(FloatVector.fromArray(F, k, k1 + d), acc1);
      acc2 = qv.fma(FloatVector.fromArray(F, k, k2 + d), acc2);
      acc3 = qv.fma(FloatVector.fromArray(F, k, k3 + d), acc3);
    }
    acc0.intoArray(lanes, 0);
    acc1.intoArray(lanes, LANES);
    acc2.intoArray(lanes, 2 * LANES);
    acc3.intoArray(lanes, 3 * LANES);
    FourSums.store(lanes, to, at);
    if (whole < dim) {
      addTails(q, qAt, k, k0, stride, whole, dim, to, at);
    }
  }

  /** Adds to four products those of elements {@code from} up to {@code end}. */
  static void addTails(
      float[] q, int qAt, float[] k, int kAt, int stride, int from, int end, float[] to, int at) {
    for (int j = 0; j < 4; j++) {
      to[at + j] += dot(q, qAt, k, kAt + j * stride, from, end);
    }
  }

  /** The product of elements {@code from} up to {@code to} of a query and a key. */
  static float dot(float[] x, int xAt, float[] y, int yAt, int from, int to) {
    float sum = 0;
    for (int d = from; d < to; d++) {
      sum = Math.fma(x[xAt + d], y[yAt + d], sum);
    }
    return sum;
  }

  /** Adds four weighted values to O; the weights are {@code p[pAt]} and after. */
  static void addFour(
      float[] p, int pAt, float[] v, int v0, int stride, float[] o, int oAt, int dim) {
    int v1 = v0 + stride;
    int v2 = v1 + stride;
    int v3 = v2 + stride;
    FloatVector p0 = FloatVector.broadcast(F, p[pAt]);
    FloatVector p1 = FloatVector.broadcast(F, p[pAt + 1]);
    FloatVector p2 = FloatVector.broadcast(F, p[pAt + 2]);
    FloatVector p3 = FloatVector.broadcast(F, p[pAt + 3]);
    int whole = dim - dim % LANES;
    for (int d = 0; d < whole; d += LANES) {
      FloatVector x = FloatVector.fromArray(F, o, oAt + d);
      x = p0.fma(FloatVector.fromArray(F, v, v0 + d), x);
      x = p1.fma(FloatVector.fromArray(F, v, v1 + d), x);
      x = p2.fma(FloatVector.fromArray(F, v, v2 + d), x);
      x = p3.fma(FloatVector.fromArray(F, v, v3 + d), x);
      x.intoArray(o, oAt + d);
    }
    if (whole < dim) {
      addFourTails(p, pAt, v, v0, stride, o, oAt, whole, dim);
    }
  }

  /** Adds elements {@code from} up to {@code to} of four weighted values to O. */
  static void addFourTails(
      float[] p, int pAt, float[] v, int vAt, int stride, float[] o, int oAt, int from, int to) {
    for (int j = 0; j < 4; j++) {
      axpy(p[pAt + j], v, vAt + j * stride, o, oAt, from, to);
    }
  }

  /** Adds elements {@code from} up to {@code to} of one weighted value to O. */
  static void axpy(float s, float[] x, int xAt, float[] y, int yAt, int from, int to) {
    for (int d = from; d < to; d++) {
      y[yAt + d] = Math.fma(s, x[xAt + d], y[yAt + d]);
    }
  }
}
