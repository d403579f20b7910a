package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.channel.Slots;
import java.util.Arrays;

/**
 * What two cores need to see each other's flag: the floor of a barrier, and of each step of
 * anything else. It depends on how far apart the cores are, which a virtual machine may change from
 * one minute to the next.
 */
public final class SignalRoof {
  private static final int EXCHANGES = 200_000;
  private static final int TRIES = 9;

  /** Some ten seconds: a rank that does not come must not hold the other. */
  private static final int MOST_POLLS = 500_000_000;

  private SignalRoof() {}

  /**
   * The median time, of some tries, of one exchange: each of two ranks raises a flag and waits for
   * the other's, with nothing around it.
   *
   * @throws IllegalArgumentException if the group does not have two ranks
   */
  public static double exchangeNs(RankGroup group) {
    if (group.size() != 2) {
      throw new IllegalArgumentException("two ranks must exchange: ranks=" + group.size());
    }
    Slots slots = new Slots(2);
    double[] ns = new double[TRIES];
    for (int i = 0; i < TRIES; i++) {
      long startNs = System.nanoTime();
      group.run(rank -> exchange(slots, rank.rank()));
      ns[i] = (System.nanoTime() - startNs) / (double) EXCHANGES;
    }
    Arrays.sort(ns);
    return ns[TRIES / 2];
  }

  private static void exchange(Slots slots, int rank) {
    for (int i = 0; i < EXCHANGES; i++) {
      long flag = slots.publishNext(rank);
      for (int polls = 0; slots.flag(1 - rank) < flag; polls++) {
        if (polls == MOST_POLLS) {
          throw new IllegalStateException("a flag must come: rank=" + (1 - rank));
        }
        Thread.onSpinWait();
      }
    }
  }
}
