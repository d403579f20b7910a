package dev.shardmark.cli.claims;

import java.util.Arrays;
import java.util.SplittableRandom;

/** How uneven the load of ranks is when tokens choose experts uniformly at random. */
final class RoutingFacts {
  private static final int ROUTINGS = 5_000;
  private static final int TOKENS = 64;
  private static final int EXPERTS = 64;
  private static final int RANKS = 8;
  private static final long SEED = 42;
  private static final double TAIL = 0.99;

  private RoutingFacts() {}

  static void add(FactList facts) {
    for (int topK : new int[] {1, 2, 4, 8}) {
      facts.add("Expert.tailImbalance", tail(topK), "x", "topK", topK);
    }
  }

  /** The 99th percentile of the busiest rank's load over the mean. */
  private static double tail(int topK) {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] busiest = new double[ROUTINGS];
    for (int i = 0; i < ROUTINGS; i++) {
      int[] load = new int[RANKS];
      for (int token = 0; token < TOKENS; token++) {
        route(random, topK, load);
      }
      busiest[i] = Arrays.stream(load).max().orElseThrow() * (double) RANKS / (TOKENS * topK);
    }
    Arrays.sort(busiest);
    return busiest[(int) (TAIL * ROUTINGS)];
  }

  /** One token to {@code topK} different experts. */
  private static void route(SplittableRandom random, int topK, int[] load) {
    long chosen = 0;
    while (Long.bitCount(chosen) < topK) {
      int expert = random.nextInt(EXPERTS);
      if ((chosen >> expert & 1) == 0) {
        chosen |= 1L << expert;
        load[expert / (EXPERTS / RANKS)]++;
      }
    }
  }
}
