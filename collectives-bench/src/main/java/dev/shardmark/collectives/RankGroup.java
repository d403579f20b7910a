package dev.shardmark.collectives;

import dev.shardmark.collectives.channel.Slots;
import dev.shardmark.collectives.channel.WaitStrategy;
import dev.shardmark.collectives.channel.Waiter;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
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
public final class RankGroup implements Group, AutoCloseable {
  private static final int HISTORY = 1;

  private final Algorithms algorithms;
  private final Transport transport;
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

  /** Cores of rank 0's thread before it was pinned, or null. */
  private BitSet unpinned;

  private volatile boolean closed;

  private RankGroup(
      int size,
      Duration deadline,
      Transport transport,
      Algorithms algorithms,
      WaitStrategy waitStrategy) {
    this.transport = transport;
    this.algorithms = algorithms;
    this.waitStrategy = waitStrategy;
    deadlineNs = deadline.toNanos();
    fabric = new Fabric(size, transport, algorithms);
    finished = new Slots(size);
    runWaiter = new Waiter(0, waitStrategy, deadlineNs, () -> false);
    ranks = new Rank[size];
    threads = new RankThread[size - 1];
    Rank.Waiting waiting = new Rank.Waiting(waitStrategy, deadlineNs, failure::isSet);
    for (int rank = 0; rank < size; rank++) {
      ranks[rank] = new Rank(rank, fabric, waiting);
    }
    for (int rank = 1; rank < size; rank++) {
      threads[rank - 1] = new RankThread(rank, waitStrategy, this::part, started, finished);
      threads[rank - 1].start();
    }
  }

  /** A group that shares memory, with the algorithms that suit it. */
  public static RankGroup open(int ranks, Duration deadline) {
    return open(ranks, deadline, Transport.SHARED);
  }

  /** A group with the algorithms that suit its transport. */
  public static RankGroup open(int ranks, Duration deadline, Transport transport) {
    return open(ranks, deadline, transport, Algorithms.of(transport));
  }

  /** A group that shares memory, with one algorithm of the caller's choice. */
  public static RankGroup open(int ranks, Duration deadline, Algorithm algorithm) {
    Transport transport = Transport.SHARED;
    return open(ranks, deadline, transport, Algorithms.of(transport).with(algorithm));
  }

  /** A group that waits as its ranks and the cores suggest. */
  public static RankGroup open(
      int ranks, Duration deadline, Transport transport, Algorithms algorithms) {
    int cores = Runtime.getRuntime().availableProcessors();
    return open(ranks, deadline, transport, algorithms, WaitStrategy.of(ranks, cores));
  }

  /**
   * A group.
   *
   * @throws IllegalArgumentException without a rank or a deadline, or if an algorithm does not suit
   *     the transport
   */
  public static RankGroup open(
      int ranks,
      Duration deadline,
      Transport transport,
      Algorithms algorithms,
      WaitStrategy waitStrategy) {
    if (ranks < 1 || deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException(
          "a group must have a rank and a deadline: ranks=" + ranks + " deadline=" + deadline);
    }
    algorithms.check(transport);
    return new RankGroup(ranks, deadline, transport, algorithms, waitStrategy);
  }

  @Override
  public int size() {
    return ranks.length;
  }

  /** The algorithm of each collective. */
  public Algorithms algorithms() {
    return algorithms;
  }

  @Override
  public Optional<Algorithms> chosenAlgorithms() {
    return Optional.of(algorithms);
  }

  /** How data gets from rank to rank. */
  public Transport transport() {
    return transport;
  }

  @Override
  public String carrier() {
    return transport.parameter();
  }

  /** All ranks are in this process: their sum is known. */
  @Override
  public void sum(double[] values) {}

  /** All ranks are in this process: their maximum is known. */
  @Override
  public void max(double[] values) {}

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
      compareCalls();
    } finally {
      running.set(false);
    }
    failure.rethrow();
  }

  /** The same of a body that knows no more of a rank than its contract. */
  @Override
  public void each(Body body) {
    run(body::run);
  }

  /**
   * Keeps each rank on a core of its own: rank r on the r-th core that the process may use. Rank 0,
   * the thread that calls this and {@link #close}, gets its cores back on closing.
   *
   * @return false, and nothing is changed, if the system offers no such call or too few cores
   */
  public boolean pin() {
    Optional<BitSet> cores = Affinity.cores();
    if (cores.isEmpty() || cores.get().cardinality() < size()) {
      return false;
    }
    int[] core = cores.get().stream().toArray();
    AtomicBoolean all = new AtomicBoolean(true);
    run(
        rank -> {
          BitSet own = new BitSet();
          own.set(core[rank.rank()]);
          if (!Affinity.keepOn(own)) {
            all.set(false);
          }
        });
    if (!all.get()) {
      run(rank -> Affinity.keepOn(cores.get()));
      return false;
    }
    unpinned = cores.get();
    return true;
  }

  /** Ends the threads; a rank still busy in a body is interrupted, and waited for no longer. */
  @Override
  public void close() {
    closed = true;
    if (unpinned != null) {
      Affinity.keepOn(unpinned);
      unpinned = null;
    }
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
    finished.setWord(rank, HISTORY, ranks[rank].history()); // beside the flag that is awaited
  }

  /** Ranks that waited for nobody may have called something else all the same. */
  private void compareCalls() {
    try {
      for (int rank = 1; rank < size() && !failure.isSet(); rank++) {
        if (finished.word(rank, HISTORY) != ranks[0].history()) {
          fabric.calls().throwDifference(0, rank, fabric.world());
        }
      }
    } catch (IllegalArgumentException e) {
      failure.report(0, e);
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
