package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many experts share some rows, and how many a token goes to, as {@code EXPERTSxTOPK}. */
public record ExpertLoad(int experts, int topK) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})x(\\d{1,9})");
  private static final long SEED = 42;

  /**
   * Reads {@code EXPERTSxTOPK}.
   *
   * @throws IllegalArgumentException unless it is two counts of at least 1, with topK at most
   *     experts
   */
  public static ExpertLoad of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      int experts = Integer.parseInt(form.group(1));
      int topK = Integer.parseInt(form.group(2));
      if (topK > 0 && topK <= experts) {
        return new ExpertLoad(experts, topK);
      }
    }
    throw new IllegalArgumentException(
        "experts must be EXPERTSxTOPK with counts from 1 to 999999999 and topK <= experts:"
            + " experts="
            + text);
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
    Routing routing = Routing.zeros(rows / topK, topK);
    Kernels.router(Variant.SCALAR, RoutingRule.topKThenSoftmax())
        .route(skew.logits(routing.tokens(), experts, SEED), null, routing);
    Permutation permutation = new Permutation(experts);
    permutation.sort(routing);
    return permutation.offset();
  }
}
