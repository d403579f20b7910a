package dev.shardmark.kernels.moe;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Room each expert has: choices beyond it are dropped, in the order of tokens and, of one token, of
 * its choices. One instance per rank; without a limit a routing is dropless as it is.
 *
 * <p>After W. Fedus, B. Zoph and N. Shazeer, Switch Transformers, arXiv 2101.03961, 2021, section
 * 2.2, for more than one expert a token.
 */
public final class Capacity {
  private final int[] load;

  public Capacity(int experts) {
    if (experts < 1) {
      throw new IllegalArgumentException("experts must be at least 1: experts=" + experts);
    }
    this.load = new int[experts];
  }

  /**
   * {@code ceil(factor * tokens * topK / experts)}, of the factor as it is written in decimal: 1.1
   * times 80 choices over 8 experts is 11, though the double 1.1 is a little more.
   *
   * @throws IllegalArgumentException if the factor is not positive and finite
   */
  public static int of(double factor, int tokens, int topK, int experts) {
    return share(factor, (long) tokens * topK, experts, RoundingMode.CEILING);
  }

  /** {@code factor * choices / experts}, rounded. */
  static int share(double factor, long choices, int experts, RoundingMode rounding) {
    if (!(factor > 0 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("a capacity factor must be positive: factor=" + factor);
    }
    return BigDecimal.valueOf(factor)
        .multiply(BigDecimal.valueOf(choices))
        .divide(BigDecimal.valueOf(experts), 0, rounding)
        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
        .intValue();
  }

  /**
   * Drops what is beyond the capacity; weights stay as they are.
   *
   * @return how many choices were dropped
   * @throws IllegalArgumentException if an expert is out of range or the capacity negative
   */
  public int drop(Routing routing, int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity must be at least 0: capacity=" + capacity);
    }
    routing.check(load.length);
    Arrays.fill(load, 0);
    int dropped = 0;
    int[] expert = routing.expert();
    for (int at = 0; at < routing.choices(); at++) {
      if (expert[at] != Routing.DROPPED && load[expert[at]]++ >= capacity) {
        expert[at] = Routing.DROPPED;
        dropped++;
      }
    }
    return dropped;
  }
}
