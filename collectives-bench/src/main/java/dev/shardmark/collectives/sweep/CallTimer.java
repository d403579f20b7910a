package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** Times one call of a group in the two ways of {@link Timing}. */
final class CallTimer {
  /** Calls in one run of the group while warming up: few, so that the clock is looked at. */
  private static final int WARMUP_CALLS = 16;

  private static final int BATCHES = 5;

  private final Group group;
  private final Effort effort;

  CallTimer(Group group, Effort effort) {
    this.group = group;
    this.effort = effort;
  }

  Timing time(Group.Body call) {
    double callNs = warmUp(call);
    int calls = effort.calls(callNs);
    return new Timing(backToBackNs(call, Math.max(1, calls / BATCHES)), isolated(call, calls));
  }

  /** Goes on until the last process has had enough, so that all make the same calls. */
  private double warmUp(Group.Body call) {
    Group.Body some = rank -> repeat(call, rank, WARMUP_CALLS);
    long startNs = System.nanoTime();
    long calls = 0;
    double[] lastAndAllNs = new double[2];
    do {
      long runNs = System.nanoTime();
      group.each(some);
      lastAndAllNs[0] = System.nanoTime() - runNs;
      lastAndAllNs[1] = System.nanoTime() - startNs;
      group.max(lastAndAllNs);
      calls += WARMUP_CALLS;
    } while (lastAndAllNs[1] < effort.warmupNs() || calls < effort.fewest());
    return lastAndAllNs[0] / WARMUP_CALLS;
  }

  private static void repeat(Group.Body call, Communicator rank, int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      call.run(rank);
    }
  }

  /** The median of some batches. */
  private double backToBackNs(Group.Body call, int calls) {
    double[] means = new double[BATCHES];
    double[] byRank = new double[group.size()];
    Group.Body timed =
        rank -> {
          rank.barrier();
          long startNs = System.nanoTime();
          repeat(call, rank, calls);
          byRank[rank.rank()] = (System.nanoTime() - startNs) / (double) calls;
        };
    for (int batch = 0; batch < BATCHES; batch++) {
      group.each(timed);
      means[batch] = DoubleStream.of(byRank).sum() / byRank.length;
    }
    group.sum(means); // of a process, the ranks of others are zeros
    Arrays.sort(means);
    return means[BATCHES / 2];
  }

  private Histogram isolated(Group.Body call, int calls) {
    long[][] byRank = new long[group.size()][calls];
    group.each(
        rank -> {
          long[] mine = byRank[rank.rank()];
          for (int i = 0; i < calls; i++) {
            rank.barrier();
            long startNs = System.nanoTime();
            call.run(rank);
            mine[i] = System.nanoTime() - startNs;
          }
        });
    double[] longest = new double[calls];
    Arrays.setAll(longest, i -> Arrays.stream(byRank).mapToLong(mine -> mine[i]).max().orElse(0));
    group.max(longest);
    Histogram histogram = Timing.histogram();
    for (double ns : longest) {
      Timing.record(histogram, (long) ns);
    }
    return histogram;
  }
}
