package dev.shardmark.parallel.sweep;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;

/**
 * A split on the ranks of a group, or one of its ranks alone, ready to run steps.
 *
 * <p>In a group each rank meets the others before a step, untimed, and before each collective,
 * which is what it waits.
 */
public final class Trial {
  private final AxisSplit split;
  private final Group group;
  private final Meter[] meters;
  private final RankStep[] steps;
  private final long[] wallNs;

  private Trial(AxisSplit split, Group group) {
    this.split = split;
    this.group = group;
    meters = new Meter[split.ranks()];
    steps = new RankStep[split.ranks()];
    wallNs = new long[split.ranks()];
  }

  /**
   * One step of the slowest rank.
   *
   * @param wallNs from the start all ranks have in common
   * @param attentionNs in attention, of the rank that attends longest
   * @param sentBytes as the transport counted them; 0 over one that does not count
   */
  public record Sample(
      double wallNs,
      double computeNs,
      double communicationNs,
      double waitingNs,
      double attentionNs,
      long sentBytes) {}

  /**
   * All ranks of a split.
   *
   * @throws IllegalArgumentException if the group has another number of ranks
   */
  public static Trial together(AxisSplit split, Group group) {
    if (group.size() != split.ranks()) {
      throw new IllegalArgumentException(
          "a split must have as many ranks as its group: split="
              + split.ranks()
              + " group="
              + group.size());
    }
    Trial trial = new Trial(split, group);
    group.each(rank -> trial.make(rank.rank(), rank, new Meter(split.ranks() > 1)));
    return trial;
  }

  /** The rank that computes most, alone; what it says is echoed. */
  public static Trial alone(AxisSplit split) {
    Trial trial = new Trial(split, null);
    int rank = split.busiest();
    trial.make(rank, new EchoCommunicator(rank, split.ranks()), new Meter(false));
    return trial;
  }

  private void make(int rank, Communicator world, Meter meter) {
    meters[rank] = meter;
    steps[rank] = split.make(world, meter);
  }

  /** Runs one step. */
  public Sample once() {
    if (group == null) {
      once(split.busiest(), null);
      return sample(split.busiest());
    }
    group.each(rank -> once(rank.rank(), rank));
    int slowest = 0;
    for (int rank = 1; rank < wallNs.length; rank++) {
      slowest = wallNs[rank] > wallNs[slowest] ? rank : slowest;
    }
    return sample(slowest);
  }

  private void once(int rank, Communicator world) {
    steps[rank].rewind();
    meters[rank].clear();
    if (world != null) {
      world.barrier();
    }
    long startNs = System.nanoTime();
    steps[rank].run();
    wallNs[rank] = System.nanoTime() - startNs;
  }

  private Sample sample(int rank) {
    Meter meter = meters[rank];
    return new Sample(
        wallNs[rank],
        meter.computedNs(),
        meter.communicatedNs(),
        meter.waitedNs(),
        longestAttentionNs(),
        meter.sentBytes());
  }

  private double longestAttentionNs() {
    long longest = 0;
    for (Meter meter : meters) {
      if (meter != null) {
        longest = Math.max(longest, meter.computedNs(LayerOperation.ATTENTION));
      }
    }
    return longest;
  }

  /** Bytes that a rank sent in the last step. */
  public long sentBytes(int rank) {
    return meters[rank].sentBytes();
  }

  /** What the ranks of this process have after a step, all tokens in the order of the step. */
  public Matrix result() {
    int hidden = steps[0].result().cols();
    Matrix all = Matrix.zeros(split.allRows(), hidden);
    for (int rank = 0; rank < steps.length; rank++) {
      Matrix part = steps[rank].result();
      int[] places = split.rows(rank);
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(
            part.data(),
            part.offset() + i * part.rowStride(),
            all.data(),
            all.offset() + places[i] * all.rowStride(),
            hidden);
      }
    }
    return all;
  }
}
