package dev.shardmark.parallel.oracle;

import dev.shardmark.kernels.layer.Bounded;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import java.util.Arrays;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/** Which experts tokens go to, and with what weights, in double. */
@FunctionalInterface
public interface OracleRouting {
  /**
   * The weight of every expert, (1, E); 0 is none.
   *
   * @param token row of the token among all
   * @param logits of the token, (1, E)
   */
  Bounded weights(int token, Bounded logits);

  /**
   * The rule of a router without a bias.
   *
   * <p>Its choice must be clear: {@link #weights} throws {@link IllegalArgumentException} naming
   * the token where rounding errors could make it another.
   */
  static OracleRouting byRule(RoutingRule rule, int topK) {
    OracleRouter router = new OracleRouter(rule);
    return (token, logits) -> router.weights(logits, router.choose(token, logits, topK));
  }

  /** The weights of a rule for experts that are chosen without regard to logits. */
  static OracleRouting chosen(RoutingRule rule, IntFunction<int[]> experts) {
    OracleRouter router = new OracleRouter(rule);
    return (token, logits) -> router.weights(logits, experts.apply(token));
  }

  /** Experts and weights as they are given, without regard to logits. */
  static OracleRouting given(Routing routing) {
    return (token, logits) -> {
      Bounded weights = Bounded.zeros(1, logits.cols());
      for (int at = token * routing.topK(); at < (token + 1) * routing.topK(); at++) {
        if (routing.expert()[at] != Routing.DROPPED) {
          weights.value()[routing.expert()[at]] = routing.weight()[at];
        }
      }
      return weights;
    };
  }

  /** The same without choices that were dropped; the weights of others stay as they are. */
  default OracleRouting without(BiPredicate<Integer, Integer> droppedTokenAndExpert) {
    return (token, logits) -> {
      Bounded weights = weights(token, logits);
      for (int e = 0; e < logits.cols(); e++) {
        if (droppedTokenAndExpert.test(token, e)) {
          Arrays.fill(weights.value(), e, e + 1, 0);
          Arrays.fill(weights.bound(), e, e + 1, 0);
        }
      }
      return weights;
    };
  }
}
