package dev.shardmark.kernels.attention;

import dev.shardmark.kernels.Rounding;

/**
 * The oracle: one row of scores at a time in double, with the error a float kernel may make.
 *
 * <p>Not an {@link Attention}, so that no choice of variant can ever time it or compare it with
 * itself. The bounds are derived in {@link Attention}.
 */
public final class ReferenceAttention {
  /** Keys for which a kernel may take one new maximum. */
  private static final int KEYS_PER_MAXIMUM = 16;

  /** Relative error of exp. */
  private static final double EXP = 2 * Rounding.UNIT;

  /** What flushing to zero may cost one weight. */
  private static final double FLUSHED = 0x1p-125;

  private ReferenceAttention() {}

  /**
   * One query of one head.
   *
   * @param o its row of O
   * @param oBound allowed error of each element
   * @param lse its log-sum-exp, -infinity if it sees no key
   * @param lseBound allowed error
   */
  public record Expected(double[] o, double[] oBound, double lse, double lseBound) {}

  /** Computes what {@code attend} should leave for query {@code i} of head {@code h}. */
  public static Expected row(float scale, boolean causal, Heads q, Heads k, Heads v, int i, int h) {
    int dim = q.headDim();
    int kvHead = h / (q.heads() / k.heads());
    int n = Attention.visible(i, q.tokens(), k.tokens(), causal);
    if (n == 0) {
      return new Expected(new double[dim], new double[dim], Double.NEGATIVE_INFINITY, 0);
    }
    double[] score = new double[n];
    double[] magnitude = new double[n];
    double max = Double.NEGATIVE_INFINITY;
    double largest = 0;
    for (int j = 0; j < n; j++) {
      for (int d = 0; d < dim; d++) {
        double product = (double) scale * q.at(i, h, d) * k.at(j, kvHead, d);
        score[j] += product;
        magnitude[j] += Math.abs(product);
      }
      max = Math.max(max, score[j]);
      largest = Math.max(largest, magnitude[j]);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Math.exp(score[j] - max);
    }
    int maxima = n / KEYS_PER_MAXIMUM + 2;
    double common = (maxima + 1) * EXP + Rounding.gamma(n + 2L * maxima);
    double dot = Rounding.gamma(dim + 1);
    double[] o = new double[dim];
    double[] weighed = new double[dim];
    double[] largestV = new double[dim];
    double z = 0;
    for (int j = 0; j < n; j++) {
      double p = Math.exp(score[j] - max) / sum;
      double rounded = max - score[j] + dot * (magnitude[j] + largest);
      double error = Math.expm1(dot * magnitude[j] + Rounding.UNIT * rounded + common);
      z += p * error;
      for (int d = 0; d < dim; d++) {
        double value = v.at(j, kvHead, d);
        o[d] += p * value;
        weighed[d] += p * error * Math.abs(value);
        largestV[d] = Math.max(largestV[d], Math.abs(value));
      }
    }
    double flushed = (maxima + 1.0) * n * FLUSHED;
    double[] bound = new double[dim];
    for (int d = 0; d < dim; d++) {
      double size = Math.abs(o[d]);
      double quotient = (weighed[d] + z * size) / (1 - z) * (1 + 2 * Rounding.UNIT);
      bound[d] = quotient + 2 * Rounding.UNIT * size + flushed * (largestV[d] + size);
    }
    double lse = max + Math.log(sum);
    double rounded = Rounding.UNIT * (Math.abs(lse) + Math.abs(max));
    return new Expected(o, bound, lse, -Math.log1p(-z) + rounded + flushed);
  }

  /** What a merge of two such parts should give; the bounds follow {@link Attention#merge}. */
  public static Expected merged(Expected a, Expected b) {
    if (a.lse() == Double.NEGATIVE_INFINITY) {
      return b;
    }
    if (b.lse() == Double.NEGATIVE_INFINITY) {
      return a;
    }
    double max = Math.max(a.lse(), b.lse());
    double sum = Math.exp(a.lse() - max) + Math.exp(b.lse() - max);
    double weightA = Math.exp(a.lse() - max) / sum;
    double weightB = Math.exp(b.lse() - max) / sum;
    double moved = Math.expm1(a.lseBound() + b.lseBound());
    double[] o = new double[a.o().length];
    double[] bound = new double[o.length];
    for (int d = 0; d < o.length; d++) {
      o[d] = weightA * a.o()[d] + weightB * b.o()[d];
      double errors = weightA * a.oBound()[d] + weightB * b.oBound()[d];
      double size = weightA * Math.abs(a.o()[d]) + weightB * Math.abs(b.o()[d]) + errors;
      bound[d] = errors + (moved + Rounding.gamma(3) * (1 + moved)) * size + FLUSHED;
    }
    double lse = max + Math.log(sum);
    double rounded = Rounding.UNIT * (Math.abs(lse) + Math.abs(max));
    return new Expected(o, bound, lse, Math.max(a.lseBound(), b.lseBound()) + rounded);
  }
}
