package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;

/** How many experts share some rows, and how many a token goes to, as {@code EXPERTSxTOPK}. */
public record ExpertLoad(int experts, int topK) {
  private static final String RULE =
      "EXPERTSxTOPK with counts from 1 to 999999999 and topK <= experts";
  private static final long SEED = 42;

  /** The rows of each expert are known only after routing, which a plan does too. */
  private static final long MOST_LOGITS = 1 << 24;

  /**
   * Reads {@code EXPERTSxTOPK}.
   *
   * @throws IllegalArgumentException unless it is two counts of at least 1, with topK at most
   *     experts
   */
  public static ExpertLoad of(String text) {
    int[] n = Counts.of("experts", RULE, text, 2);
    if (n[1] > n[0]) {
      throw Counts.refused("experts", RULE, text);
    }
    return new ExpertLoad(n[0], n[1]);
  }

  /**
   * Where the rows of each expert start, and their number at the end.
   *
   * @throws IllegalArgumentException unless the rows are those of whole tokens
   */
  public int[] offsets(int rows, Skew skew) {
    if (rows % topK != 0) {
      throw new IllegalArgumentException(
          "rows must be a multiple of topK: rows=" + rows + " topK=" + topK);
    }
    if ((long) (rows / topK) * experts > MOST_LOGITS) {
      throw new IllegalArgumentException(
          "tokens times experts must be at most 2^24: tokens="
              + rows / topK
              + " experts="
              + experts);
    }
    Routing routing = Routing.zeros(rows / topK, topK);
    Kernels.router(Variant.SCALAR, RoutingRule.topKThenSoftmax())
        .route(skew.logits(routing.tokens(), experts, SEED), null, routing);
    Permutation permutation = new Permutation(experts);
    permutation.sort(routing);
    return permutation.offset();
  }
}
