package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Scores of {@value #KEYS} keys and a panel of {@link #QUERIES} queries, a lane a query: 6 x 2
 * accumulators, as in a matrix multiply whose A is K and whose B is Q transposed.
 *
 * <p>Branches that are never taken cut the step into three blocks, because C2 moves every load of a
 * block above its arithmetic and 12 + 2 + 6 vectors do not fit into 16 registers.
 */
final class ScoreTile {
  /** Keys of a tile. */
  static final int KEYS = 6;

  /** Queries of a panel: two vectors. */
  static final int QUERIES = 2 * LANES;

  /** No index has these values; not final, or the compiler might know that too. */
  private int never = -1;

  private int norThis = -2;

  /**
   * Computes one tile.
   *
   * @param k keys, {@code dim} apart, from {@code kAt} on
   * @param q panel of scaled queries: {@link #QUERIES} values for each element of a head
   * @param s scores: {@link #QUERIES} values for each key, from {@code sAt} on
   */
  void run(int dim, float[] k, int kAt, float[] q, float[] s, int sAt) {
    tile(dim, k, kAt, q, s, sAt, never, norThis);
  }

  private static void tile(
      int dim, float[] k, int k0, float[] q, float[] s, int sAt, int never, int norThis) {
    FloatVector l0 = FloatVector.zero(F);
    FloatVector r0 = l0;
    FloatVector l1 = l0;
    FloatVector r1 = l0;
    FloatVector l2 = l0;
    FloatVector r2 = l0;
    FloatVector l3 = l0;
    FloatVector r3 = l0;
    FloatVector l4 = l0;
    FloatVector r4 = l0;
    FloatVector l5 = l0;
    FloatVector r5 = l0;
    int k1 = k0 + dim;
    int k2 = k1 + dim;
    int k3 = k2 + dim;
    int k4 = k3 + dim;
    int k5 = k4 + dim;
    for (int d = 0; d < dim; d++) {
      int at = START + d * QUERIES;
      FloatVector ql = FloatVector.fromArray(F, q, at);
      FloatVector qr = FloatVector.fromArray(F, q, at + LANES);
      FloatVector kv = FloatVector.broadcast(F, k[k0 + d]);
      l0 = kv.fma(ql, l0);
      r0 = kv.fma(qr, r0);
      kv = FloatVector.broadcast(F, k[k1 + d]);
      l1 = kv.fma(ql, l1);
      r1 = kv.fma(qr, r1);
      if (d == never) {
        break;
      }
      kv = FloatVector.broadcast(F, k[k2 + d]);
      l2 = kv.fma(ql, l2);
      r2 = kv.fma(qr, r2);
      kv = FloatVector.broadcast(F, k[k3 + d]);
      l3 = kv.fma(ql, l3);
      r3 = kv.fma(qr, r3);
      if (d == norThis) {
        break;
      }
      kv = FloatVector.broadcast(F, k[k4 + d]);
      l4 = kv.fma(ql, l4);
      r4 = kv.fma(qr, r4);
      kv = FloatVector.broadcast(F, k[k5 + d]);
      l5 = kv.fma(ql, l5);
      r5 = kv.fma(qr, r5);
    }
    l0.intoArray(s, sAt);
    r0.intoArray(s, sAt + LANES);
    l1.intoArray(s, sAt + QUERIES);
    r1.intoArray(s, sAt + QUERIES + LANES);
    l2.intoArray(s, sAt + 2 * QUERIES);
    r2.intoArray(s, sAt + 2 * QUERIES + LANES);
    l3.intoArray(s, sAt + 3 * QUERIES);
    r3.intoArray(s, sAt + 3 * QUERIES + LANES);
    l4.intoArray(s, sAt + 4 * QUERIES);
    r4.intoArray(s, sAt + 4 * QUERIES + LANES);
    l5.intoArray(s, sAt + 5 * QUERIES);
    r5.intoArray(s, sAt + 5 * QUERIES + LANES);
  }
}
