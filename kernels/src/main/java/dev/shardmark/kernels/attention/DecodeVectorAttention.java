package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Attention} for few queries over many keys: K and V are read once, in place, for all query
 * heads of their head.
 *
 * <p>Blocks of {@value #KEYS} keys: scores of four keys at a time, lanes along the head, then a
 * running maximum with a lane a key, then four values at a time added to O. The elements of a head
 * and the keys that fill no vector or four are done in plain code. Scratch belongs to the instance
 * and grows to the largest call.
 */
final class DecodeVectorAttention implements Attention {
  /** A multiple of every vector's lanes and of four; the scores of a query take 1 KiB. */
  private static final int KEYS = 256;

  private static final int AT_ONCE = 4;

  private final float[] lanes = new float[LANES];
  private float[] queries = new float[0];
  private float[] sums = new float[0];
  private float[] scores = new float[0];
  private float[] max = new float[0];
  private float[] total = new float[0];

  @Override
  public void attend(float scale, boolean causal, Heads q, Heads k, Heads v, Heads o, Matrix lse) {
    Attention.checkShapes(q, k, v, o, lse);
    if (q.heads() == 0 || q.tokens() == 0) {
      return;
    }
    int dim = q.headDim();
    int group = q.heads() / k.heads();
    int slots = Math.multiplyExact(q.tokens(), group);
    grow(slots, dim);
    for (int kvHead = 0; kvHead < k.heads(); kvHead++) {
      start(scale, q, kvHead, group, slots);
      for (int first = 0; first < k.tokens(); first += KEYS) {
        int keys = Math.min(KEYS, k.tokens() - first);
        for (int j = 0; j < keys; j += AT_ONCE) {
          scores(k, kvHead, first + j, j, Math.min(AT_ONCE, keys - j), slots);
        }
        for (int slot = 0; slot < slots; slot++) {
          int visible = Attention.visible(slot / group, q.tokens(), k.tokens(), causal);
          weigh(slot, Math.clamp(visible - (long) first, 0, keys), dim);
        }
        for (int j = 0; j < keys; j += AT_ONCE) {
          values(v, kvHead, first + j, j, Math.min(AT_ONCE, keys - j), slots);
        }
      }
      for (int slot = 0; slot < slots; slot++) {
        store(slot, o, lse, slot / group, kvHead * group + slot % group);
      }
    }
  }

  private void grow(int slots, int dim) {
    int size = Math.multiplyExact(slots, dim);
    if (queries.length < size) {
      queries = new float[size];
      sums = new float[size];
    }
    if (max.length < slots) {
      max = new float[slots];
      total = new float[slots];
      scores = new float[Math.multiplyExact(slots, KEYS)];
    }
  }

  private void start(float scale, Heads q, int kvHead, int group, int slots) {
    int dim = q.headDim();
    for (int slot = 0; slot < slots; slot++) {
      int from = q.index(slot / group, kvHead * group + slot % group);
      for (int d = 0; d < dim; d++) {
        queries[slot * dim + d] = scale * q.data()[from + d];
      }
    }
    Arrays.fill(sums, 0, slots * dim, 0);
    Arrays.fill(max, 0, slots, -Float.MAX_VALUE); // finite, see LaneSoftmax
    Arrays.fill(total, 0, slots, 0);
  }

  /** Computes the scores of up to four keys for every query. */
  private void scores(Heads k, int kvHead, int key, int j, int count, int slots) {
    int dim = k.headDim();
    int at = k.index(key, kvHead);
    for (int slot = 0; slot < slots; slot++) {
      int to = slot * KEYS + j;
      if (count == AT_ONCE) {
        fourDots(queries, slot * dim, k.data(), at, k.tokenStride(), dim, lanes, scores, to);
      } else {
        for (int i = 0; i < count; i++) {
          int from = at + i * k.tokenStride();
          scores[to + i] = dot(queries, slot * dim, k.data(), from, 0, dim);
        }
      }
    }
  }

  private static void fourDots(
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
    FourSums.store(acc0, acc1, acc2, acc3, lanes, to, at);
    if (whole < dim) {
      to[at] += dot(q, qAt, k, k0, whole, dim);
      to[at + 1] += dot(q, qAt, k, k1, whole, dim);
      to[at + 2] += dot(q, qAt, k, k2, whole, dim);
      to[at + 3] += dot(q, qAt, k, k3, whole, dim);
    }
  }

  private static float dot(float[] x, int xAt, float[] y, int yAt, int from, int to) {
    float sum = 0;
    for (int d = from; d < to; d++) {
      sum = Math.fma(x[xAt + d], y[yAt + d], sum);
    }
    return sum;
  }

  /** Turns a query's scores of one block into weights, all but the first {@code seen} into 0. */
  private void weigh(int slot, int seen, int dim) {
    int at = slot * KEYS;
    int end = at + KEYS;
    Arrays.fill(scores, at + seen, end, Float.NEGATIVE_INFINITY);
    FloatVector largest = FloatVector.broadcast(F, max[slot]);
    for (int i = at; i < end; i += LANES) {
      FloatVector s = FloatVector.fromArray(F, scores, i);
      largest = largest.blend(s, s.compare(VectorOperators.GT, largest));
    }
    float now = largest.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(F);
    for (int i = at; i < end; i += LANES) {
      FloatVector weight = VectorExp.exp(FloatVector.fromArray(F, scores, i).sub(now));
      weight.intoArray(scores, i);
      sum = sum.add(weight);
    }
    float factor = VectorExp.exp(max[slot] - now);
    total[slot] = total[slot] * factor + sum.reduceLanes(VectorOperators.ADD);
    max[slot] = now;
    if (factor != 1) {
      for (int d = slot * dim; d < slot * dim + dim; d++) {
        sums[d] *= factor;
      }
    }
  }

  /** Adds up to four weighted values to every query's O. */
  private void values(Heads v, int kvHead, int key, int j, int count, int slots) {
    int dim = v.headDim();
    int at = v.index(key, kvHead);
    for (int slot = 0; slot < slots; slot++) {
      int from = slot * KEYS + j;
      if (count == AT_ONCE) {
        addFour(scores, from, v.data(), at, v.tokenStride(), sums, slot * dim, dim);
      } else {
        for (int i = 0; i < count; i++) {
          int value = at + i * v.tokenStride();
          axpy(scores[from + i], v.data(), value, sums, slot * dim, 0, dim);
        }
      }
    }
  }

  private static void addFour(
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
      axpy(p[pAt], v, v0, o, oAt, whole, dim);
      axpy(p[pAt + 1], v, v1, o, oAt, whole, dim);
      axpy(p[pAt + 2], v, v2, o, oAt, whole, dim);
      axpy(p[pAt + 3], v, v3, o, oAt, whole, dim);
    }
  }

  private static void axpy(float s, float[] x, int xAt, float[] y, int yAt, int from, int to) {
    for (int d = from; d < to; d++) {
      y[yAt + d] = Math.fma(s, x[xAt + d], y[yAt + d]);
    }
  }

  private void store(int slot, Heads o, Matrix lse, int token, int head) {
    boolean blind = total[slot] == 0;
    float inverse = blind ? 0 : 1 / total[slot];
    int at = o.index(token, head);
    for (int d = 0; d < o.headDim(); d++) {
      o.data()[at + d] = sums[slot * o.headDim() + d] * inverse;
    }
    lse.data()[lse.offset() + token * lse.rowStride() + head] =
        blind ? Float.NEGATIVE_INFINITY : (float) (max[slot] + Math.log(total[slot]));
  }
}
