package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;

/**
 * All queries of one head of K and V, few of them, and what they have seen so far: a running
 * maximum, the sum of the weights and the weighted sum of the values.
 *
 * <p>Keys come in blocks of at most {@value #KEYS}, a stride apart: {@link #score}, {@link #weigh},
 * then {@link #add} for every block. Keys are taken four at a time, those that fill no four singly.
 * Queries are taken two at a time, which gives the same bits as one.
 *
 * <p>Scratch grows to the largest call.
 */
final class FewQueries {
  /** A multiple of every vector's lanes and of four; the scores of a query take 1 KiB. */
  static final int KEYS = 256;

  private static final int AT_ONCE = 4;

  /** See {@link PairOfQueries}; not final, or the compiler might know it. */
  private int never = -1;

  private final float[] lanes = new float[FourSums.LENGTH];
  private int dim;
  private int group;
  private int slots;
  private float[] queries = new float[0];
  private float[] sums = new float[0];
  private float[] scores = new float[0];
  private float[] max = new float[0];
  private float[] total = new float[0];
  private int[] visible = new int[0];

  /** Takes the queries of {@code kvHead} out of Q; a slot is a token and one head of the group. */
  void start(float scale, boolean causal, Heads q, int kvHead, int kvHeads, int kvTokens) {
    dim = q.headDim();
    group = q.heads() / kvHeads;
    slots = Math.multiplyExact(q.tokens(), group);
    grow();
    for (int slot = 0; slot < slots; slot++) {
      int from = q.index(slot / group, kvHead * group + slot % group);
      for (int d = 0; d < dim; d++) {
        queries[slot * dim + d] = scale * q.data()[from + d];
      }
      visible[slot] = Attention.visible(slot / group, q.tokens(), kvTokens, causal);
    }
    Arrays.fill(sums, 0, slots * dim, 0);
    Arrays.fill(max, 0, slots, -Float.MAX_VALUE); // finite, as in PanelAttention
    Arrays.fill(total, 0, slots, 0);
  }

  private void grow() {
    int size = Math.multiplyExact(slots, dim);
    if (queries.length < size) {
      queries = new float[size];
      sums = new float[size];
    }
    if (max.length < slots) {
      max = new float[slots];
      total = new float[slots];
      visible = new int[slots];
      scores = new float[Math.multiplyExact(slots, KEYS)];
    }
  }

  /** Computes the scores of a block of {@code keys} keys. */
  void score(float[] k, int at, int stride, int keys) {
    int fours = keys - keys % AT_ONCE;
    int pairs = slots - slots % 2;
    for (int j = 0; j < fours; j += AT_ONCE) {
      int key = at + j * stride;
      for (int slot = 0; slot < pairs; slot += 2) {
        PairOfQueries.fourDots(
            queries, slot * dim, k, key, stride, dim, lanes, scores, slot * KEYS + j, KEYS, never);
      }
      if (pairs < slots) {
        FourKeys.fourDots(
            queries, pairs * dim, k, key, stride, dim, lanes, scores, pairs * KEYS + j);
      }
    }
    for (int j = fours; j < keys; j++) {
      for (int slot = 0; slot < slots; slot++) {
        scores[slot * KEYS + j] = FourKeys.dot(queries, slot * dim, k, at + j * stride, 0, dim);
      }
    }
  }

  /** Turns the scores of a block of {@code keys} keys, from key {@code first} on, into weights. */
  void weigh(int first, int keys) {
    for (int slot = 0; slot < slots; slot++) {
      weighSlot(slot, Math.clamp(visible[slot] - (long) first, 0, keys));
    }
  }

  /** All but the first {@code seen} weights become 0. */
  private void weighSlot(int slot, int seen) {
    int at = slot * KEYS;
    Arrays.fill(scores, at + seen, at + KEYS, Float.NEGATIVE_INFINITY);
    float now = Scores.largest(max[slot], scores, at, KEYS);
    float factor = VectorExp.exp(max[slot] - now);
    float sum = VectorExp.row(1, scores, at, now, scores, at, KEYS, lanes);
    total[slot] = total[slot] * factor + sum;
    max[slot] = now;
    if (factor != 1) {
      for (int d = slot * dim; d < slot * dim + dim; d++) {
        sums[d] *= factor;
      }
    }
  }

  /** Adds the weighted values of a block of {@code keys} keys. */
  void add(float[] v, int at, int stride, int keys) {
    int fours = keys - keys % AT_ONCE;
    int pairs = slots - slots % 2;
    for (int j = 0; j < fours; j += AT_ONCE) {
      int value = at + j * stride;
      for (int slot = 0; slot < pairs; slot += 2) {
        PairOfQueries.addFour(
            scores, slot * KEYS + j, KEYS, v, value, stride, sums, slot * dim, dim);
      }
      if (pairs < slots) {
        FourKeys.addFour(scores, pairs * KEYS + j, v, value, stride, sums, pairs * dim, dim);
      }
    }
    for (int j = fours; j < keys; j++) {
      for (int slot = 0; slot < slots; slot++) {
        float weight = scores[slot * KEYS + j];
        FourKeys.axpy(weight, v, at + j * stride, sums, slot * dim, 0, dim);
      }
    }
  }

  /** Writes O and lse of every query. */
  void store(Heads o, Matrix lse, int kvHead) {
    for (int slot = 0; slot < slots; slot++) {
      storeSlot(slot, o, lse, slot / group, kvHead * group + slot % group);
    }
  }

  private void storeSlot(int slot, Heads o, Matrix lse, int token, int head) {
    boolean blind = total[slot] == 0;
    float inverse = blind ? 0 : 1 / total[slot];
    int at = o.index(token, head);
    for (int d = 0; d < dim; d++) {
      o.data()[at + d] = sums[slot * dim + d] * inverse;
    }
    lse.data()[lse.offset() + token * lse.rowStride() + head] =
        blind ? Float.NEGATIVE_INFINITY : (float) (max[slot] + Math.log(total[slot]));
  }
}
