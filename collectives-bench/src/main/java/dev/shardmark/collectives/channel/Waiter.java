package dev.shardmark.collectives.channel;

import dev.shardmark.collectives.CollectiveAbortedException;
import dev.shardmark.collectives.CollectiveTimeoutException;
import java.util.function.BooleanSupplier;

/** Waits on behalf of one rank, never past the deadline. */
public final class Waiter {
  /** Tries between two looks at the clock while spinning; a look costs as much as a try. */
  private static final int TRIES_PER_LOOK = 1024;

  /** Tries of which none looks at anything but the flag: some us, like any collective. */
  private static final int SHORT = 100;

  private final int shortTries;
  private final int rank;
  private final WaitStrategy strategy;
  private final long deadlineNs;
  private final BooleanSupplier aborted;
  private final Runnable look;

  /** A waiter that finds out nothing while it waits. */
  public Waiter(int rank, WaitStrategy strategy, long deadlineNs, BooleanSupplier aborted) {
    this(rank, strategy, deadlineNs, aborted, () -> {});
  }

  /**
   * Waits for one rank.
   *
   * @param rank what it is called in messages
   * @param aborted polled once a wait is no longer short: whether to give up
   * @param look run now and then while it waits; may throw that it waits in vain
   */
  public Waiter(
      int rank, WaitStrategy strategy, long deadlineNs, BooleanSupplier aborted, Runnable look) {
    this.look = look;
    this.rank = rank;
    this.strategy = strategy;
    shortTries = Math.min(SHORT, strategy.spins());
    this.deadlineNs = deadlineNs;
    this.aborted = aborted;
  }

  /**
   * Returns once the flag of {@code slot} is at least {@code flag}; {@code peer} is the rank that
   * raises it, {@code step} what to report when it does not.
   */
  public void await(Slots slots, int slot, long flag, int peer, int step) {
    for (int tries = 0; tries < shortTries; tries++) {
      if (slots.flag(slot) >= flag) {
        return;
      }
      Thread.onSpinWait();
    }
    awaitLong(slots, slot, flag, peer, step);
  }

  /** Kept out of {@link #await}, so that what is usual is a few instructions. */
  private void awaitLong(Slots slots, int slot, long flag, int peer, int step) {
    long startNs = 0;
    for (int tries = 0; slots.flag(slot) < flag; tries++) {
      if (aborted.getAsBoolean()) {
        throw new CollectiveAbortedException(rank, peer);
      }
      if (!strategy.spins(tries) || tries % TRIES_PER_LOOK == TRIES_PER_LOOK - 1) {
        look.run();
        long nowNs = System.nanoTime();
        startNs = startNs == 0 ? nowNs : startNs;
        if (nowNs - startNs > deadlineNs) {
          throw new CollectiveTimeoutException(rank, peer, step, nowNs - startNs);
        }
      }
      strategy.pause(tries);
    }
  }

  /**
   * Returns at {@code timeNs} of {@link System#nanoTime}, when a message of {@code peer} arrives.
   */
  public void awaitTime(long timeNs, int peer, int step) {
    long startNs = System.nanoTime();
    long nowNs = startNs;
    for (int tries = 0; timeNs - nowNs > 0; tries++) {
      if (aborted.getAsBoolean()) {
        throw new CollectiveAbortedException(rank, peer);
      }
      if (nowNs - startNs > deadlineNs) {
        throw new CollectiveTimeoutException(rank, peer, step, nowNs - startNs);
      }
      strategy.pause(tries);
      nowNs = System.nanoTime();
    }
  }
}
