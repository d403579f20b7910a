package dev.shardmark.kernels.moe;

import static dev.shardmark.kernels.Species.F;
import static dev.shardmark.kernels.Species.LANES;

import dev.shardmark.kernels.Matrix;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Combine} with the Vector API: four vectors of y stay in registers while the rows of the
 * token are added, so that y is written once. What fills no vector is done by a plain loop.
 */
public final class VectorCombine implements Combine {
  private static final int GROUP = 4 * LANES;

  /** Where the rows of one token start, and their weights. */
  private int[] start = {};

  private float[] weight = {};

  @Override
  public void combine(Matrix rows, Routing routing, Permutation permutation, Matrix y) {
    Combine.check(rows, routing, permutation, y);
    int topK = routing.topK();
    if (start.length < topK) {
      start = new int[topK];
      weight = new float[topK];
    }
    for (int t = 0; t < y.rows(); t++) {
      int count = 0;
      for (int at = t * topK; at < (t + 1) * topK; at++) {
        int row = permutation.row()[at];
        if (row != Routing.DROPPED) {
          start[count] = rows.offset() + row * rows.rowStride();
          weight[count++] = routing.weight()[at];
        }
      }
      sum(rows.data(), start, weight, count, y.data(), y.offset() + t * y.rowStride(), y.cols());
    }
  }

  private static void sum(
      float[] rows, int[] start, float[] weight, int count, float[] y, int to, int n) {
    int j = 0;
    for (; j <= n - GROUP; j += GROUP) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int i = 0; i < count; i++) {
        FloatVector w = FloatVector.broadcast(F, weight[i]);
        int at = start[i] + j;
        s0 = FloatVector.fromArray(F, rows, at).fma(w, s0);
        s1 = FloatVector.fromArray(F, rows, at + LANES).fma(w, s1);
        s2 = FloatVector.fromArray(F, rows, at + 2 * LANES).fma(w, s2);
        s3 = FloatVector.fromArray(F, rows, at + 3 * LANES).fma(w, s3);
      }
      s0.intoArray(y, to + j);
      s1.intoArray(y, to + j + LANES);
      s2.intoArray(y, to + j + 2 * LANES);
      s3.intoArray(y, to + j + 3 * LANES);
    }
    for (; j <= n - LANES; j += LANES) {
      FloatVector s = FloatVector.zero(F);
      for (int i = 0; i < count; i++) {
        FloatVector w = FloatVector.broadcast(F, weight[i]);
        s = FloatVector.fromArray(F, rows, start[i] + j).fma(w, s);
      }
      s.intoArray(y, to + j);
    }
    for (; j < n; j++) {
      float s = 0;
      for (int i = 0; i < count; i++) {
        s = Math.fma(rows[start[i] + j], weight[i], s);
      }
      y[to + j] = s;
    }
  }
}
