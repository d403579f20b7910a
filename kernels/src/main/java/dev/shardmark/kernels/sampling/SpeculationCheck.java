package dev.shardmark.kernels.sampling;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/** Tells whether the tokens of a speculation are right. */
public final class SpeculationCheck {
  private SpeculationCheck() {}

  /**
   * The distance of the last number from what gives the last token, over what it may be; infinity
   * where another number of tokens must be accepted, or others.
   *
   * @param written how many tokens there are
   */
  public static double worst(
      Matrix target,
      Matrix draft,
      int[] drafted,
      double[] accept,
      double next,
      int[] token,
      int written) {
    Speculation.checkOperands(target, draft, drafted, accept, next, token);
    int last = 0;
    while (last < drafted.length && accepted(target, draft, drafted, accept, last)) {
      if (token[last] != drafted[last]) {
        return Double.POSITIVE_INFINITY;
      }
      last++;
    }
    if (written != last + 1) {
      return Double.POSITIVE_INFINITY;
    }
    int n = target.cols();
    double[] mass = new double[n];
    double total = 0;
    for (int j = 0; j < n && last < drafted.length; j++) {
      mass[j] = positive((double) target.at(last, j) - draft.at(last, j));
      total += mass[j];
    }
    for (int j = 0; j < n && total == 0; j++) {
      mass[j] = positive(target.at(last, j));
    }
    return worst(mass, next, token[last]);
  }

  private static boolean accepted(
      Matrix target, Matrix draft, int[] drafted, double[] accept, int i) {
    return accept[i] * draft.at(i, drafted[i]) < target.at(i, drafted[i]);
  }

  private static double positive(double mass) {
    return mass > 0 ? mass : 0; // 0 for NaN
  }

  private static double worst(double[] mass, double next, int token) {
    double total = 0;
    double below = 0;
    for (int j = 0; j < mass.length; j++) {
      total += mass[j];
      below += j < token ? mass[j] : 0;
    }
    if (total == 0) {
      return token == -1 ? 0 : Double.POSITIVE_INFINITY;
    }
    if (token < 0 || token >= mass.length || mass[token] == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double bound = 2 * total * Rounding.gamma(1 + InverseCdf.BLOCK + InverseCdf.JOINING);
    return ReferenceSampler.distance(next * total, below, mass[token]) / bound;
  }
}
