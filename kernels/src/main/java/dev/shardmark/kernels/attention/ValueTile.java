package dev.shardmark.kernels.attention;

import static dev.shardmark.kernels.AlignedFloats.START;
import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;
import static dev.shardmark.kernels.attention.ScoreTile.QUERIES;

import jdk.incubator.vector.FloatVector;

/**
 * Adds weighted values to {@value #DIMS} elements of O of a panel of queries, a lane a query: 6 x 2
 * accumulators that start from what is there times a factor for each query.
 *
 * <p>Its step is cut into three blocks for the same reason as that of {@link ScoreTile}.
 */
final class ValueTile {
  /** Elements of a head in a tile. */
  static final int DIMS = 6;

  /** No index has these values; not final, or the compiler might know that too. */
  private int never = -1;

  private int norThis = -2;

  /**
   * Updates one tile.
   *
   * @param keys how many keys and values
   * @param v first of the values' elements at {@code vAt}, values {@code vStride} apart
   * @param p weights: {@link ScoreTile#QUERIES} for each key
   * @param factor of each query
   * @param o un-normalised O, transposed, from {@code oAt} on
   */
  void run(
      int keys, float[] v, int vAt, int vStride, float[] p, float[] factor, float[] o, int oAt) {
    tile(keys, v, vAt, vStride, p, factor, o, oAt, never, norThis);
  }

  private static void tile(
      int keys,
      float[] v,
      int vAt,
      int vStride,
      float[] p,
      float[] factor,
      float[] o,
      int oAt,
      int never,
      int norThis) {
    FloatVector fl = FloatVector.fromArray(F, factor, START);
    FloatVector fr = FloatVector.fromArray(F, factor, START + LANES);
    FloatVector l0 = fl.mul(FloatVector.fromArray(F, o, oAt));
    FloatVector r0 = fr.mul(FloatVector.fromArray(F, o, oAt + LANES));
    FloatVector l1 = fl.mul(FloatVector.fromArray(F, o, oAt + QUERIES));
    FloatVector r1 = fr.mul(FloatVector.fromArray(F, o, oAt + QUERIES + LANES));
    FloatVector l2 = fl.mul(FloatVector.fromArray(F, o, oAt + 2 * QUERIES));
    FloatVector r2 = fr.mul(FloatVector.fromArray(F, o, oAt + 2 * QUERIES + LANES));
    FloatVector l3 = fl.mul(FloatVector.fromArray(F, o, oAt + 3 * QUERIES));
    FloatVector r3 = fr.mul(FloatVector.fromArray(F, o, oAt + 3 * QUERIES + LANES));
    FloatVector l4 = fl.mul(FloatVector.fromArray(F, o, oAt + 4 * QUERIES));
    FloatVector r4 = fr.mul(FloatVector.fromArray(F, o, oAt + 4 * QUERIES + LANES));
    FloatVector l5 = fl.mul(FloatVector.fromArray(F, o, oAt + 5 * QUERIES));
    FloatVector r5 = fr.mul(FloatVector.fromArray(F, o, oAt + 5 * QUERIES + LANES));
    for (int j = 0; j < keys; j++) {
      int at = START + j * QUERIES;
      int from = vAt + j * vStride;
      FloatVector pl = FloatVector.fromArray(F, p, at);
      FloatVector pr = FloatVector.fromArray(F, p, at + LANES);
      FloatVector vv = FloatVector.broadcast(F, v[from]);
      l0 = vv.fma(pl, l0);
      r0 = vv.fma(pr, r0);
      vv = FloatVector.broadcast(F, v[from + 1]);
      l1 = vv.fma(pl, l1);
      r1 = vv.fma(pr, r1);
      if (j == never) {
        break;
      }
      vv = FloatVector.broadcast(F, v[from + 2]);
      l2 = vv.fma(pl, l2);
      r2 = vv.fma(pr, r2);
      vv = FloatVector.broadcast(F, v[from + 3]);
      l3 = vv.fma(pl, l3);
      r3 = vv.fma(pr, r3);
      if (j == norThis) {
        break;
      }
      vv = FloatVector.broadcast(F, v[from + 4]);
      l4 = vv.fma(pl, l4);
      r4 = vv.fma(pr, r4);
      vv = FloatVector.broadcast(F, v[from + 5]);
      l5 = vv.fma(pl, l5);
      r5 = vv.fma(pr, r5);
    }
    l0.intoArray(o, oAt);
    r0.intoArray(o, oAt + LANES);
    l1.intoArray(o, oAt + QUERIES);
    r1.intoArray(o, oAt + QUERIES + LANES);
    l2.intoArray(o, oAt + 2 * QUERIES);
    r2.intoArray(o, oAt + 2 * QUERIES + LANES);
    l3.intoArray(o, oAt + 3 * QUERIES);
    r3.intoArray(o, oAt + 3 * QUERIES + LANES);
    l4.intoArray(o, oAt + 4 * QUERIES);
    r4.intoArray(o, oAt + 4 * QUERIES + LANES);
    l5.intoArray(o, oAt + 5 * QUERIES);
    r5.intoArray(o, oAt + 5 * QUERIES + LANES);
  }
}
