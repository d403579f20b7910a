package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.CollectiveTimeoutException;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankFailedException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.channel.Links;
import dev.shardmark.collectives.channel.Links.Link;
import dev.shardmark.collectives.channel.WaitStrategy;
import dev.shardmark.collectives.soak.Meetings.BarrierCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** One group of a {@link Soak}, and what its ranks do. */
final class Round {
  private static final int MOST_RANKS = 9;

  /** So long that a rank without a core for some time is no failure. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private static final Duration SHORT_DEADLINE = Duration.ofSeconds(1);

  /** What a rank does on purpose. */
  enum Fault {
    NONE,
    THROWS,
    STALLS
  }

  private final long seed;
  private final int number;
  private final SplittableRandom random;
  private final RandomCalls calls;
  private final Fault fault;
  private final int ranks;
  private final Transport transport;
  private final Algorithms algorithms;

  Round(List<Algorithm> choice, long seed, int number) {
    this.seed = seed;
    this.number = number;
    random = new SplittableRandom(seed + number * 0x9e3779b97f4a7c15L);
    calls = new RandomCalls(random);
    fault = fault(number);
    ranks =
        fault == Fault.STALLS ? 2 + random.nextInt(MOST_RANKS - 1) : 1 + random.nextInt(MOST_RANKS);
    transport = transport();
    algorithms = algorithms(choice);
  }

  /** One round in 5 throws; one in 50 stalls, which takes longer than the others together. */
  private static Fault fault(int number) {
    return number % 50 == 9 ? Fault.STALLS : number % 5 == 3 ? Fault.THROWS : Fault.NONE;
  }

  /** As often shared, copying, or over links of a few microseconds. */
  private Transport transport() {
    return switch (random.nextInt(3)) {
      case 0 -> Transport.SHARED;
      case 1 -> Transport.COPYING;
      default ->
          Transport.emulated(
              new Links(
                  1 + random.nextInt(MOST_RANKS),
                  new Link(random.nextInt(2_000), 1 + random.nextInt(20)),
                  new Link(random.nextInt(20_000), 1 + random.nextInt(5))));
    };
  }

  /** The last of each kind in a random order. */
  private Algorithms algorithms(List<Algorithm> choice) {
    List<Algorithm> shuffled = new ArrayList<>(choice);
    Collections.shuffle(shuffled, random);
    Algorithms chosen = Algorithms.of(transport);
    for (Algorithm algorithm : shuffled) {
      if (!transport.copies() || !algorithm.needsSharedMemory()) {
        chosen = chosen.with(algorithm);
      }
    }
    return chosen;
  }

  Fault fault() {
    return fault;
  }

  /** Returns how many operations were right. */
  long run() {
    Duration deadline = fault == Fault.STALLS ? SHORT_DEADLINE : DEADLINE;
    WaitStrategy strategy =
        random.nextBoolean() ? WaitStrategy.CORE_EACH : WaitStrategy.SHARED_CORES;
    try (RankGroup group = RankGroup.open(ranks, deadline, transport, algorithms, strategy)) {
      long operations = check(group, calls.some());
      if (fault != Fault.NONE) {
        fail(group);
        operations += check(group, calls.some());
      }
      return operations;
    }
  }

  private int check(RankGroup group, List<CheckedCall> program) {
    AtomicIntegerArray at = new AtomicIntegerArray(ranks);
    try {
      group.run(
          rank -> {
            for (CheckedCall call : program) {
              runAndCount(call, rank);
              at.incrementAndGet(rank.rank());
            }
          });
    } catch (CollectiveException e) {
      int call = at.get(e.rank());
      String what = call < program.size() ? program.get(call).toString() : "the end";
      throw failure("operation=" + call + " of " + program.size() + ", " + what, e);
    }
    return program.size();
  }

  private void runAndCount(CheckedCall call, Rank rank) {
    long before = rank.sentBytes();
    call.run(rank);
    long sent = rank.sentBytes() - before;
    long expected = call.sentBytes(algorithms, rank.rank(), ranks);
    if (sent != expected) {
      throw new IllegalStateException(
          "traffic is wrong: rank=" + rank.rank() + " sentBytes=" + sent + " expected=" + expected);
    }
  }

  /** Runs calls that a rank does not make to the end, and others therefore cannot. */
  private void fail(RankGroup group) {
    List<CheckedCall> before = calls.some();
    List<CheckedCall> after = calls.some();
    BarrierCall barrier = new BarrierCall(); // somebody waits for the rank
    int culprit = random.nextInt(ranks);
    IllegalStateException thrown = new IllegalStateException("on purpose");
    RankBody body =
        rank -> {
          before.forEach(call -> call.run(rank));
          if (rank.rank() == culprit) {
            if (fault == Fault.THROWS) {
              throw thrown;
            }
            Thread.sleep(SHORT_DEADLINE.multipliedBy(3).dividedBy(2));
          }
          barrier.run(rank);
          after.forEach(call -> call.run(rank));
        };
    try {
      group.run(body);
    } catch (CollectiveException e) {
      if (!isOnPurpose(e, culprit, thrown)) {
        throw failure("rank " + culprit + " " + fault + " after " + before, e);
      }
      awaitReturn(group);
      return;
    }
    throw failure("rank " + culprit + " " + fault + " after " + before + ", unnoticed", null);
  }

  private boolean isOnPurpose(CollectiveException e, int culprit, Exception thrown) {
    if (fault == Fault.THROWS) {
      return e instanceof RankFailedException
          && e.rank() == culprit
          && e.getCause() == thrown
          && e.getSuppressed().length == 0;
    }
    for (Throwable later : e.getSuppressed()) {
      if (!(later instanceof CollectiveTimeoutException)) {
        return false;
      }
    }
    return e instanceof CollectiveTimeoutException;
  }

  /** A rank that stalls may take longer than the group waits for it. */
  private void awaitReturn(RankGroup group) {
    long startNs = System.nanoTime();
    while (true) {
      try {
        group.run(rank -> {});
        return;
      } catch (IllegalStateException busy) {
        if (System.nanoTime() - startNs > DEADLINE.toNanos()) {
          throw failure("a rank does not come back", busy);
        }
        Thread.onSpinWait();
      }
    }
  }

  private IllegalStateException failure(String what, Exception cause) {
    return new IllegalStateException(
        "soak failed: seed="
            + seed
            + " round="
            + number
            + " ranks="
            + ranks
            + " transport="
            + transport.parameter()
            + " algorithms="
            + names()
            + " "
            + what
            + (cause == null ? "" : ": " + cause.getMessage()),
        cause);
  }

  private List<String> names() {
    return List.of(
            algorithms.allReduce(),
            algorithms.reduce(),
            algorithms.reduceScatter(),
            algorithms.allGather(),
            algorithms.broadcast(),
            algorithms.allToAll(),
            algorithms.barrier())
        .stream()
        .map(algorithm -> algorithm.getClass().getSimpleName())
        .toList();
  }
}
