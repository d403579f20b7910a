package dev.shardmark.kernels.moe;

import java.util.Arrays;

/**
 * How evenly a routing loads experts and ranks; the most loaded decides the time.
 *
 * @param ofExpert rows each expert gets
 * @param ofRank rows each rank gets: rank r of p holds experts {@code E r / p} up to {@code E (r +
 *     1) / p}, rounded down
 */
public record LoadStats(int[] ofExpert, int[] ofRank) {
  /**
   * Counts.
   *
   * @throws IllegalArgumentException if an expert is out of range or ranks are not in 1..experts
   */
  public static LoadStats of(Routing routing, int experts, int ranks) {
    if (ranks < 1 || ranks > experts) {
      throw new IllegalArgumentException(
          "ranks must be in 1..experts: ranks=" + ranks + " experts=" + experts);
    }
    routing.check(experts);
    int[] ofExpert = new int[experts];
    for (int at = 0; at < routing.choices(); at++) {
      if (routing.expert()[at] != Routing.DROPPED) {
        ofExpert[routing.expert()[at]]++;
      }
    }
    int[] ofRank = new int[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      int first = (int) ((long) experts * rank / ranks);
      int end = (int) ((long) experts * (rank + 1) / ranks);
      ofRank[rank] = Arrays.stream(ofExpert, first, end).sum();
    }
    return new LoadStats(ofExpert, ofRank);
  }

  /** Load of the most loaded expert over the mean; 1 is even, and also where nothing is routed. */
  public double expertImbalance() {
    return maxOverMean(ofExpert);
  }

  /** The same of ranks. */
  public double rankImbalance() {
    return maxOverMean(ofRank);
  }

  private static double maxOverMean(int[] load) {
    double sum = Arrays.stream(load).asLongStream().sum();
    return sum == 0 ? 1 : Arrays.stream(load).max().getAsInt() * load.length / sum;
  }
}
