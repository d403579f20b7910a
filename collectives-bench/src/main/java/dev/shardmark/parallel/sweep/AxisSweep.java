package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Times splits: a rank alone, or all ranks in turn with one rank that has the whole.
 *
 * @param warmups steps before the first sample, at least; there are more until the compiler had a
 *     second
 * @param samples steps that are timed
 */
public record AxisSweep(int warmups, int samples) {
  private static final long WARMUP_NS = 1_000_000_000;
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  public AxisSweep {
    if (warmups < 0 || samples < 1) {
      throw new IllegalArgumentException(
          "a sweep must have samples: warmups=" + warmups + " samples=" + samples);
    }
  }

  /**
   * Ranks together beside one rank.
   *
   * @param together a step of the slowest rank, by sample
   * @param whole a step of one rank alone that has everything, taken in turns
   * @param sentBytes by rank, as counted in the last step
   * @param worst {@link Agreement} of what both end with
   */
  public record Measured(
      List<Trial.Sample> together, List<Trial.Sample> whole, long[] sentBytes, double worst) {
    /** How much faster than one rank, by pair of neighbours in time. */
    public List<Double> speedups() {
      List<Double> speedups = new ArrayList<>();
      for (int i = 0; i < together.size(); i++) {
        speedups.add(whole.get(i).wallNs() / together.get(i).wallNs());
      }
      return speedups;
    }

    /** Attention of one rank alone over that of all ranks as long as the longest, in percent. */
    public List<Double> attentionEfficiencies(int ranks) {
      List<Double> efficiencies = new ArrayList<>();
      for (int i = 0; i < together.size(); i++) {
        double longest = ranks * together.get(i).attentionNs();
        efficiencies.add(100 * whole.get(i).attentionNs() / longest);
      }
      return efficiencies;
    }
  }

  /**
   * How well a split agrees with one rank that has the whole, by threads with memories of their
   * own; there may be more of them than cores, since nothing is timed.
   *
   * @param small of dimensions that take no time
   * @return {@link Agreement}, infinity where counted bytes are not those of the formula
   */
  public static double rehearse(AxisSplit small, AxisSplit whole, LayerSetup setup) {
    try (RankGroup group = RankGroup.open(small.ranks(), DEADLINE, Transport.COPYING);
        RankGroup single = RankGroup.open(1, DEADLINE)) {
      Trial parts = Trial.together(small, group);
      parts.once();
      for (int rank = 0; rank < small.ranks(); rank++) {
        if (parts.sentBytes(rank) != small.sentBytes(group.algorithms(), rank)) {
          return Double.POSITIVE_INFINITY;
        }
      }
      Trial one = Trial.together(whole, single);
      one.once();
      return Agreement.worst(
          setup.spec(), setup.step(), small.stages(), one.result(), parts.result());
    }
  }

  private void warmUp(Runnable step) {
    long startNs = System.nanoTime();
    for (int i = 0; i < warmups || System.nanoTime() - startNs < WARMUP_NS; i++) {
      step.run();
    }
  }

  /** The busiest rank's computing, alone. */
  public List<Trial.Sample> alone(AxisSplit split) {
    Trial trial = Trial.alone(split);
    warmUp(trial::once);
    List<Trial.Sample> taken = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      taken.add(trial.once());
    }
    return taken;
  }

  /**
   * All ranks, and one that has the whole, in turns: A B, B A, and so on.
   *
   * @param single a group of one rank
   */
  public Measured together(
      AxisSplit split, Group group, AxisSplit whole, Group single, LayerSetup setup) {
    Trial ours = Trial.together(split, group);
    Trial theirs = Trial.together(whole, single);
    List<Trial.Sample> together = new ArrayList<>();
    List<Trial.Sample> alone = new ArrayList<>();
    warmUp(
        () -> {
          ours.once();
          theirs.once();
        });
    for (int i = 0; i < samples; i++) {
      Trial.Sample first = i % 2 == 0 ? ours.once() : theirs.once();
      Trial.Sample second = i % 2 == 0 ? theirs.once() : ours.once();
      together.add(i % 2 == 0 ? first : second);
      alone.add(i % 2 == 0 ? second : first);
    }
    long[] sent = new long[split.ranks()];
    for (int rank = 0; rank < sent.length; rank++) {
      sent[rank] = ours.sentBytes(rank);
    }
    double worst =
        Agreement.worst(setup.spec(), setup.step(), split.stages(), theirs.result(), ours.result());
    return new Measured(together, alone, sent, worst);
  }
}
