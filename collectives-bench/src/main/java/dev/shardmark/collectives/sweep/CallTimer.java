package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/** Times one call of a group in the two ways of {@link Timing}. */
final class CallTimer {
  /** Calls in one run of the group while warming up: few, so that the clock is looked at. */
  private static final int WARMUP_CALLS = 16;

  private static final int BATCHES = 5;

  private final RankGroup group;
  private final Effort effort;

  CallTimer(RankGroup group, Effort effort) {
    this.group = group;
    this.effort = effort;
  }

  Timing time(RankBody call) {
    double callNs = warmUp(call);
    int calls = effort.calls(callNs);
    return new Timing(backToBackNs(call, Math.max(1, calls / BATCHES)), isolated(call, calls));
  }

  private double warmUp(RankBody call) {
    RankBody some = rank -> repeat(call, rank, WARMUP_CALLS);
    long startNs = System.nanoTime();
    long calls = 0;
    double lastNs;
    do {
      long runNs = System.nanoTime();
      group.run(some);
      lastNs = System.nanoTime() - runNs;
      calls += WARMUP_CALLS;
    } while (System.nanoTime() - startNs < effort.warmupNs() || calls < effort.fewest());
    return lastNs / WARMUP_CALLS;
  }

  private static void repeat(RankBody call, Rank rank, int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      call.run(rank);
    }
  }

  /** The median of some batches. */
  private double backToBackNs(RankBody call, int calls) {
    double[] means = new double[BATCHES];
    double[] byRank = new double[group.size()];
    RankBody timed =
        rank -> {
          rank.barrier();
          long startNs = System.nanoTime();
          repeat(call, rank, calls);
          byRank[rank.rank()] = (System.nanoTime() - startNs) / (double) calls;
        };
    for (int batch = 0; batch < BATCHES; batch++) {
      group.run(timed);
      means[batch] = Arrays.stream(byRank).average().orElseThrow();
    }
    Arrays.sort(means);
    return means[BATCHES / 2];
  }

  private Histogram isolated(RankBody call, int calls) {
    long[][] byRank = new long[group.size()][calls];
    group.run(
        rank -> {
          long[] mine = byRank[rank.rank()];
          for (int i = 0; i < calls; i++) {
            rank.barrier();
            long startNs = System.nanoTime();
            call.run(rank);
            mine[i] = System.nanoTime() - startNs;
          }
        });
    Histogram histogram = Timing.histogram();
    for (int i = 0; i < calls; i++) {
      long longest = 0;
      for (long[] mine : byRank) {
        longest = Math.max(longest, mine[i]);
      }
      Timing.record(histogram, longest);
    }
    return histogram;
  }
}
