package dev.shardmark.parallel.oracle;

import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.Scoring;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Choice and weights of one token by a {@link RoutingRule}, with what float logits and a float
 * router may change about them.
 */
final class OracleRouter {
  private final RoutingRule rule;

  OracleRouter(RoutingRule rule) {
    this.rule = rule;
  }

  /** The experts of a token. */
  int[] choose(int token, Bounded logits, int topK) {
    Bounded scores = scores(logits);
    int size = logits.cols() / rule.groups();
    int[] groups =
        best(token, "group", groups(scores, size), all(rule.groups()), rule.groupsKept());
    int[] choosable =
        Arrays.stream(groups).flatMap(g -> IntStream.range(g * size, (g + 1) * size)).toArray();
    return best(token, "expert", scores, choosable, topK);
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** The largest; the errors of the last of them and of the next must not meet. */
  private static int[] best(int token, String what, Bounded scores, int[] among, int count) {
    double[] score = scores.value();
    int[] sorted =
        Arrays.stream(among)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -score[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] best = Arrays.copyOf(sorted, count);
    for (int i = count; i < sorted.length; i++) {
      for (int b : best) {
        double margin = score[b] - score[sorted[i]];
        if (!(margin > scores.bound()[b] + scores.bound()[sorted[i]])) {
          throw new IllegalArgumentException(
              "a choice must be clear of rounding errors: token="
                  + token
                  + " chosen "
                  + what
                  + "="
                  + b
                  + " other="
                  + sorted[i]
                  + " margin="
                  + margin);
        }
      }
    }
    return best;
  }

  private Bounded scores(Bounded logits) {
    Bounded scores = Bounded.zeros(1, logits.cols());
    for (int e = 0; e < logits.cols(); e++) {
      double z = logits.value()[e];
      double off = logits.bound()[e];
      boolean softmax = rule.scoring() == Scoring.SOFTMAX;
      scores.value()[e] = softmax ? z : sigmoid(z);
      scores.bound()[e] = softmax ? off : off / 4 + Rounding.gamma(6); // no steeper than 1 / 4
    }
    return scores;
  }

  /** The sums of the two best scores of each group. */
  private Bounded groups(Bounded scores, int size) {
    Bounded sums = Bounded.zeros(1, rule.groups());
    for (int g = 0; g < rule.groups(); g++) {
      double[] sorted = Arrays.copyOfRange(scores.value(), g * size, (g + 1) * size);
      Arrays.sort(sorted);
      sums.value()[g] = sorted[size - 1] + (size == 1 ? 0 : sorted[size - 2]);
      double most = Arrays.stream(scores.bound(), g * size, (g + 1) * size).max().orElse(0);
      sums.bound()[g] = 2 * most + Rounding.gamma(2) * Math.abs(sums.value()[g]);
    }
    return sums;
  }

  /** The weights of chosen experts among all. */
  Bounded weights(Bounded logits, int[] chosen) {
    return rule.scoring() == Scoring.SOFTMAX ? softmax(logits, chosen) : sigmoids(logits, chosen);
  }

  /** A logit that is off by x changes a weight by 2 x: in its own exponential, and in the sum. */
  private Bounded softmax(Bounded logits, int[] chosen) {
    int[] over = rule.renormalised() ? chosen : all(logits.cols());
    double[] z = logits.value();
    double most = Arrays.stream(over).mapToDouble(e -> z[e]).max().orElse(0);
    double least = Arrays.stream(over).mapToDouble(e -> z[e]).min().orElse(0);
    double off = Arrays.stream(over).mapToDouble(e -> logits.bound()[e]).max().orElse(0);
    double sum = Arrays.stream(over).mapToDouble(e -> Math.exp(z[e] - most)).sum();
    double own = Rounding.gamma(2L * over.length + 16) + Rounding.UNIT * (most - least + 2 * off);
    Bounded weights = Bounded.zeros(1, logits.cols());
    for (int e : chosen) {
      put(weights, e, Math.exp(z[e] - most) / sum, 2 * (off + own));
    }
    return weights;
  }

  /** Relative to itself a sigmoid changes no more than its logit. */
  private Bounded sigmoids(Bounded logits, int[] chosen) {
    double[] z = logits.value();
    double off = Arrays.stream(chosen).mapToDouble(e -> logits.bound()[e]).max().orElse(0);
    double sum = Arrays.stream(chosen).mapToDouble(e -> sigmoid(z[e])).sum();
    Bounded weights = Bounded.zeros(1, logits.cols());
    for (int e : chosen) {
      double weight = sigmoid(z[e]) / (rule.renormalised() ? sum : 1);
      put(weights, e, weight, 2 * off + Rounding.gamma(chosen.length + 16));
    }
    return weights;
  }

  private void put(Bounded weights, int expert, double weight, double logError) {
    weights.value()[expert] = rule.scaling() * weight;
    weights.bound()[expert] = rule.scaling() * weight * Math.expm1(logError);
  }

  private static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
