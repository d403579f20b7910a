package dev.shardmark.collectives;

import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.DirectAllReduce;
import dev.shardmark.collectives.channel.Slots;
import dev.shardmark.collectives.channel.WaitStrategy;
import dev.shardmark.collectives.channel.Waiter;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ranks of this process, ready to run one body together, again and again, without allocation.
 *
 * <p>Rank 0 runs on the thread that calls {@link #run}, so that p ranks need p cores; the others
 * have a daemon thread each, which spins shortly between runs and then parks.
 *
 * <p>No wait outlasts the deadline: neither a rank's for another, nor, once rank 0 is done, the
 * group's for the rest. The first failure ends all other waits at once and is thrown by {@code
 * run}; the group can then run again, unless a rank is still busy in the body that failed.
 */
public final class RankGroup implements AutoCloseable {
  private final AllReduce allReduce;
  private final WaitStrategy waitStrategy;
  private final long deadlineNs;
  private final Fabric fabric;
  private final Rank[] ranks;
  private final RankThread[] threads;
  private final Waiter runWaiter;
  private final FirstFailure failure = new FirstFailure();
  private final AtomicBoolean running = new AtomicBoolean();
  private final Slots started = new Slots(1);
  private final Slots finished;
  private RankBody body;
  private volatile boolean closed;

  private RankGroup(int size, Duration deadline, AllReduce allReduce, WaitStrategy waitStrategy) {
    this.allReduce = allReduce;
    this.waitStrategy = waitStrategy;
    deadlineNs = deadline.toNanos();
    fabric = new Fabric(size);
    finished = new Slots(size);
    runWaiter = new Waiter(0, waitStrategy, deadlineNs, () -> false);
    ranks = new Rank[size];
    threads = new RankThread[size - 1];
    for (int rank = 0; rank < size; rank++) {
      Waiter waiter = new Waiter(rank, waitStrategy, deadlineNs, failure::isSet);
      ranks[rank] = new Rank(rank, fabric, waiter, allReduce);
    }
    for (int rank = 1; rank < size; rank++) {
      threads[rank - 1] = new RankThread(rank, waitStrategy, this::part, started, finished);
      threads[rank - 1].start();
    }
  }

  /** A group whose all-reduce is direct, and which waits as its ranks and the cores suggest. */
  public static RankGroup open(int ranks, Duration deadline) {
    return open(ranks, deadline, new DirectAllReduce());
  }

  public static RankGroup open(int ranks, Duration deadline, AllReduce allReduce) {
    int cores = Runtime.getRuntime().availableProcessors();
    return open(ranks, deadline, allReduce, WaitStrategy.of(ranks, cores));
  }

  public static RankGroup open(
      int ranks, Duration deadline, AllReduce allReduce, WaitStrategy waitStrategy) {
    if (ranks < 1 || deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "a group must have a rank and a deadline: ranks=" + ranks + " deadline=" + deadline);
    }
    return new RankGroup(ranks, deadline, allReduce, waitStrategy);
  }

  public int size() {
    return ranks.length;
  }

  public AllReduce allReduce() {
    return allReduce;
  }

  public WaitStrategy waitStrategy() {
    return waitStrategy;
  }

  /**
   * Releases all ranks into {@code body} together and returns when all have left it.
   *
   * @throws CollectiveException the first failure, with its rank; later ones are suppressed
   * @throws IllegalStateException if the group is closed, or still busy with another run
   */
  public void run(RankBody body) {
    if (!running.compareAndSet(false, true)) {
      throw new IllegalStateException("a group must not run two bodies at once");
    }
    try {
      prepare();
      start(body);
      part(0);
      awaitFinish();
    } finally {
      running.set(false);
    }
    failure.rethrow();
  }

  /** Ends the threads; a rank still busy in a body is interrupted, and waited for no longer. */
  @Override
  public void close() {
    closed = true;
    for (RankThread thread : threads) {
      thread.close();
    }
    try {
      for (RankThread thread : threads) {
        thread.join(Duration.ofNanos(deadlineNs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void prepare() {
    if (closed) {
      throw new IllegalStateException("the group is closed");
    }
    if (!failure.isSet()) {
      return;
    }
    for (int rank = 1; rank < size(); rank++) {
      if (finished.flag(rank) < started.flag(0)) {
        throw new IllegalStateException(
            "rank " + rank + " is still busy in a run that failed: open another group");
      }
    }
    fabric.reset();
    for (Rank rank : ranks) {
      rank.reset();
    }
    failure.clear();
  }

  private void start(RankBody body) {
    this.body = body;
    started.publishNext(0);
    VarHandle.fullFence(); // pairs with the one before a thread parks
    for (RankThread thread : threads) {
      thread.wakeIfParked();
    }
  }

  private void part(int rank) {
    try {
      body.run(ranks[rank]);
    } catch (Exception | Error e) {
      failure.report(rank, e);
    }
  }

  private void awaitFinish() {
    try {
      for (int rank = 1; rank < size(); rank++) {
        runWaiter.await(
            finished, rank, started.flag(0), rank, CollectiveTimeoutException.END_OF_RUN);
      }
    } catch (CollectiveTimeoutException late) {
      failure.report(0, late);
    }
  }
}
