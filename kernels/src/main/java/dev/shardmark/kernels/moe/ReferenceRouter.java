package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.softmax.ReferenceSoftmax;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The oracle of {@link Router}: scores, choice and weights of one token in double, with the errors
 * a float kernel may make.
 */
public final class ReferenceRouter {
  /** Largest error of a float that is too small to be normal. */
  private static final double TINY = 0x1p-149;

  /** Of a sigmoid: an exponential good to 2^-23, an addition, a quotient. */
  private static final double SIGMOID = Rounding.gamma(4);

  private ReferenceRouter() {}

  /** The experts a token goes to, best first. */
  public static int[] choose(RoutingRule rule, Matrix logits, float[] bias, int token, int topK) {
    Ranking experts = experts(rule, logits, bias, token);
    int size = experts.score().length / rule.groups();
    int[] kept = best(groups(rule, experts).score(), rule.groupsKept());
    double[] score = new double[experts.score().length];
    Arrays.fill(score, Double.NaN);
    for (int g : kept) {
      System.arraycopy(experts.score(), g * size, score, g * size, size);
    }
    return best(score, topK);
  }

  /** The largest, in descending order, the lower index first; NaN takes no part. */
  private static int[] best(double[] score, int count) {
    return IntStream.range(0, score.length)
        .filter(i -> !Double.isNaN(score[i]))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -score[i]))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }

  /** The experts of one token by score. */
  static Ranking experts(RoutingRule rule, Matrix logits, float[] bias, int token) {
    int experts = logits.cols();
    double[] score = new double[experts];
    double[] error = new double[experts];
    for (int e = 0; e < experts; e++) {
      float z = logits.at(token, e);
      if (Float.isNaN(z)) {
        score[e] = Double.NEGATIVE_INFINITY;
      } else if (rule.scoring() == Scoring.SOFTMAX) {
        score[e] = z + 0.0; // -0 becomes 0
      } else {
        double s = sigmoid(z);
        score[e] = s + (bias == null ? 0 : bias[e]);
        error[e] = SIGMOID * s + Float.MIN_NORMAL;
        error[e] += bias == null ? 0 : Rounding.UNIT * (Math.abs(score[e]) + error[e]);
      }
    }
    return new Ranking(
        score,
        error,
        (a, b) ->
            logits.at(token, a) == logits.at(token, b) && (bias == null || bias[a] == bias[b]));
  }

  /** Their groups by score. */
  static Ranking groups(RoutingRule rule, Ranking experts) {
    int size = experts.score().length / rule.groups();
    double[] score = new double[rule.groups()];
    double[] error = new double[rule.groups()];
    for (int g = 0; g < rule.groups(); g++) {
      int first = g * size;
      double[] sorted = Arrays.copyOfRange(experts.score(), first, first + size);
      Arrays.sort(sorted);
      score[g] = sorted[size - 1] + (size == 1 ? 0 : sorted[size - 2]);
      // each of the two best is off by no more than the largest error in the group
      double most = Arrays.stream(experts.error(), first, first + size).max().orElse(0);
      boolean finite = Double.isFinite(score[g]) && most > 0;
      error[g] = finite ? 2 * most + Rounding.UNIT * (Math.abs(score[g]) + 2 * most) : 0;
    }
    return new Ranking(score, error, (a, b) -> same(experts, a * size, b * size, size));
  }

  private static boolean same(Ranking experts, int a, int b, int size) {
    return IntStream.range(0, size)
        .allMatch(
            i ->
                experts.score()[a + i] == experts.score()[b + i]
                    && (experts.error()[a + i] == 0 || experts.same().test(a + i, b + i)));
  }

  /** The weights of the experts a token goes to, whoever chose them. */
  static Expected weights(RoutingRule rule, Matrix logits, int token, int[] chosen) {
    return rule.scoring() == Scoring.SOFTMAX
        ? softmax(rule, logits, token, chosen)
        : sigmoids(rule, logits, token, chosen);
  }

  private static Expected softmax(RoutingRule rule, Matrix logits, int token, int[] chosen) {
    int experts = logits.cols();
    float[] z = new float[rule.renormalised() ? chosen.length : experts];
    for (int i = 0; i < z.length; i++) {
      float logit = logits.at(token, rule.renormalised() ? chosen[i] : i);
      z[i] = Float.isNaN(logit) ? Float.NEGATIVE_INFINITY : logit;
    }
    Matrix row = new Matrix(z, 0, 1, z.length, z.length);
    ReferenceSoftmax.Row all = ReferenceSoftmax.row(1, row, 0, z.length);
    Expected weights = Expected.zeros(1, chosen.length);
    for (int i = 0; i < chosen.length; i++) {
      int at = rule.renormalised() ? i : chosen[i];
      weights.set(i, rule.scaling() * all.value()[at], scaled(rule, all.bound()[at]));
    }
    return weights;
  }

  private static double scaled(RoutingRule rule, double bound) {
    return bound == 0 ? 0 : rule.scaling() * bound + TINY;
  }

  private static Expected sigmoids(RoutingRule rule, Matrix logits, int token, int[] chosen) {
    int k = chosen.length;
    double[] s = new double[k];
    double[] low = new double[k];
    double[] high = new double[k];
    for (int i = 0; i < k; i++) {
      float z = logits.at(token, chosen[i]);
      s[i] = Float.isNaN(z) ? 0 : sigmoid(z);
      low[i] = s[i] * (1 - SIGMOID) < Float.MIN_NORMAL ? 0 : s[i] * (1 - SIGMOID);
      high[i] = s[i] == 0 ? 0 : s[i] * (1 + SIGMOID) + TINY;
    }
    double sum = 1;
    double least = 1;
    double most = 1;
    double cap = Double.POSITIVE_INFINITY;
    if (rule.renormalised()) {
      sum = Arrays.stream(s).sum();
      least = Arrays.stream(low).sum() * (1 - Rounding.gamma(k));
      most = Arrays.stream(high).sum() * (1 + Rounding.gamma(k));
      cap = 1 + Rounding.gamma(k + 1); // no term is above a sum that is not 0
    }
    double quotient = Rounding.gamma(2);
    Expected weights = Expected.zeros(1, k);
    for (int i = 0; i < k; i++) {
      double value = s[i] == 0 ? 0 : s[i] / sum;
      double lowest = low[i] == 0 ? 0 : low[i] / most * (1 - quotient);
      double highest = high[i] == 0 ? 0 : Math.min(cap, high[i] / least * (1 + quotient));
      double bound = Math.max(value - lowest, highest - value);
      weights.set(i, rule.scaling() * value, scaled(rule, bound));
    }
    return weights;
  }

  private static double sigmoid(float z) {
    return 1 / (1 + Math.exp(-(double) z));
  }
}
