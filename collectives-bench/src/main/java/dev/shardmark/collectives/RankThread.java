package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Slots;
import dev.shardmark.collectives.channel.WaitStrategy;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** The persistent thread of one rank: it waits for a run, does its part, and says so. */
final class RankThread extends Thread {
  /**
   * Some 200 us with a core each: long enough between two runs of a loop, short for a bystander.
   */
  private static final int TRIES_BEFORE_PARKING = 1_000;

  private final int rank;
  private final WaitStrategy strategy;
  private final IntConsumer part;
  private final Slots started; // one slot: the runs started
  private final Slots finished; // by rank: the runs finished
  private volatile boolean parked;
  private volatile boolean closed;

  RankThread(int rank, WaitStrategy strategy, IntConsumer part, Slots started, Slots finished) {
    super("rank-" + rank);
    setDaemon(true);
    this.rank = rank;
    this.strategy = strategy;
    this.part = part;
    this.started = started;
    this.finished = finished;
  }

  @Override
  public void run() {
    for (long run = 1; awaitStart(run); run++) {
      part.accept(rank);
      finished.publish(rank, run);
    }
  }

  /** To be called after {@code started} was published and a full fence. */
  void wakeIfParked() {
    if (parked) {
      LockSupport.unpark(this);
    }
  }

  void close() {
    closed = true;
    interrupt(); // wakes it where it is parked, and a body that can be interrupted
  }

  /** False if there will be no such run. */
  private boolean awaitStart(long run) {
    for (int tries = 0; started.flag(0) < run; tries++) {
      if (closed) {
        return false;
      } else if (tries < TRIES_BEFORE_PARKING) {
        strategy.pause(tries);
      } else {
        parkUntil(run);
      }
    }
    return true;
  }

  /** Announces that it parks, then looks once more: a start is either seen here or wakes it. */
  private void parkUntil(long run) {
    parked = true;
    VarHandle.fullFence();
    if (started.flag(0) < run && !closed) {
      LockSupport.park(this);
      Thread.interrupted(); // left by a body, it would keep this thread from ever parking
    }
    parked = false;
  }
}
