package dev.shardmark.kernels.moe;

/**
 * How a model turns logits into experts and weights.
 *
 * <p>Top-k of a softmax, renormalised, and softmax of the top-k are the same function: the sum over
 * all experts cancels. So there is one rule for both.
 *
 * @param scoring what makes a weight of a logit
 * @param renormalised whether the weights of a token add up to {@code scaling}
 * @param groups equal, contiguous groups the experts form; 1 for no grouping
 * @param groupsKept groups a token may choose from: those whose two best scores have the largest
 *     sum
 * @param scaling factor of every weight
 * @throws IllegalArgumentException if the groups do not fit, or a softmax has groups, or the factor
 *     is not positive and finite
 */
public record RoutingRule(
    Scoring scoring, boolean renormalised, int groups, int groupsKept, float scaling) {
  public RoutingRule {
    if (groupsKept < 1 || groupsKept > groups) {
      throw new IllegalArgumentException(
          "groupsKept must be in 1..groups: groupsKept=" + groupsKept + " groups=" + groups);
    }
    if (scoring == Scoring.SOFTMAX && groups > 1) {
      throw new IllegalArgumentException(
          "only sigmoid scores have groups: scoring=" + scoring + " groups=" + groups);
    }
    if (!(scaling > 0 && scaling <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("scaling must be positive: scaling=" + scaling);
    }
  }

  /**
   * Checks that a token can have topK of so many experts.
   *
   * @throws IllegalArgumentException if not
   */
  public void checkExperts(int experts, int topK) {
    if (experts % groups != 0) {
      throw new IllegalArgumentException(
          "groups must divide experts: groups=" + groups + " experts=" + experts);
    }
    int choosable = experts / groups * groupsKept;
    if (topK > choosable) {
      String what = groups == 1 ? "experts" : "experts of kept groups";
      throw new IllegalArgumentException(
          "topK must be in 1.." + what + ": topK=" + topK + " experts=" + choosable);
    }
  }

  /** Softmax over all experts, of which the largest are taken as they are: Qwen1.5-MoE. */
  public static RoutingRule softmaxThenTopK() {
    return new RoutingRule(Scoring.SOFTMAX, false, 1, 1, 1);
  }

  /** Softmax of the largest logits: Mixtral, Qwen3-MoE, gpt-oss. */
  public static RoutingRule topKThenSoftmax() {
    return new RoutingRule(Scoring.SOFTMAX, true, 1, 1, 1);
  }

  /** Sigmoids of the largest logits, not renormalised: Llama 4. */
  public static RoutingRule sigmoid() {
    return new RoutingRule(Scoring.SIGMOID, false, 1, 1, 1);
  }

  /** Biased, renormalised sigmoids without groups: Kimi-K2. */
  public static RoutingRule kimiK2() {
    return new RoutingRule(Scoring.SIGMOID, true, 1, 1, 2.827f);
  }

  /** Biased, renormalised sigmoids of four of eight groups: DeepSeek-V3. */
  public static RoutingRule deepSeekV3() {
    return new RoutingRule(Scoring.SIGMOID, true, 8, 4, 2.5f);
  }

  /**
   * The rule of this name.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static RoutingRule of(String parameter) {
    return switch (parameter) {
      case "softmax-topk" -> softmaxThenTopK();
      case "topk-softmax" -> topKThenSoftmax();
      case "sigmoid" -> sigmoid();
      case "kimi-k2" -> kimiK2();
      case "deepseek-v3" -> deepSeekV3();
      default ->
          throw new IllegalArgumentException(
              "rule must be one of [softmax-topk, topk-softmax, sigmoid, kimi-k2, deepseek-v3]:"
                  + " rule="
                  + parameter);
    };
  }
}
