package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.softmax.ReferenceSoftmax;
import java.util.Arrays;

/** Tells whether experts chose the right tokens, against a softmax and an order in double. */
public final class ExpertChoiceCheck {
  private ExpertChoiceCheck() {}

  /** The largest error of a weight over its bound; infinity where a choice is wrong. */
  public static double worst(Matrix logits, int capacity, int[] token, float[] weight) {
    ExpertChoice.check(logits, capacity, token, weight);
    int tokens = logits.rows();
    ReferenceSoftmax.Row[] rows = new ReferenceSoftmax.Row[tokens];
    Arrays.setAll(rows, t -> ReferenceSoftmax.row(1, logits, t, logits.cols()));
    boolean[] rivals = new boolean[tokens];
    Arrays.fill(rivals, true);
    double worst = 0;
    for (int e = 0; e < logits.cols(); e++) {
      int from = e * capacity;
      if (!ranking(rows, logits, e).allows(token, from, capacity, rivals)) {
        return Double.POSITIVE_INFINITY;
      }
      Expected weights = Expected.zeros(1, capacity);
      for (int i = 0; i < capacity; i++) {
        ReferenceSoftmax.Row row = rows[token[from + i]];
        weights.set(i, row.value()[e], row.bound()[e]);
      }
      worst = Math.max(worst, weights.worst(new Matrix(weight, from, 1, capacity, capacity)));
    }
    return worst;
  }

  private static Ranking ranking(ReferenceSoftmax.Row[] rows, Matrix logits, int expert) {
    double[] score = new double[rows.length];
    double[] error = new double[rows.length];
    for (int t = 0; t < rows.length; t++) {
      boolean number = !Double.isNaN(rows[t].value()[expert]);
      score[t] = number ? rows[t].value()[expert] : Double.NEGATIVE_INFINITY;
      error[t] = number ? rows[t].bound()[expert] : 0;
    }
    return new Ranking(score, error, (a, b) -> sameRow(logits, a, b));
  }

  private static boolean sameRow(Matrix m, int a, int b) {
    for (int j = 0; j < m.cols(); j++) {
      if (m.at(a, j) != m.at(b, j)) {
        return false;
      }
    }
    return true;
  }
}
