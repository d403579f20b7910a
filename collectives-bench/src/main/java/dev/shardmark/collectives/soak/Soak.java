package dev.shardmark.collectives.soak;

import dev.shardmark.collectives.Algorithm;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Runs random collectives, and checks all they do, until the time is up.
 *
 * <p>It goes on in rounds. Each opens a group of 1 to 9 ranks, which share memory, copy messages or
 * have emulated links, with one algorithm of each collective out of those given; its ranks make
 * random calls of all collectives one after another, some of them in random parts of the group.
 * Every element of every result is compared, guards around it, and the bytes each rank sent with
 * the {@link dev.shardmark.collectives.Traffic} of the algorithm. In some rounds a rank throws, or
 * stays away until the deadline, and the group must tell so, and then work again.
 *
 * <p>All of this follows from the seed and the number of the round alone. A failure names both and
 * the call, so that {@link #round} repeats it; only threads may run otherwise.
 */
public final class Soak {
  private final List<Algorithm> algorithms;
  private final long seed;

  /**
   * A soak.
   *
   * @param algorithms of any collectives; where none suits a transport, the usual one of {@link
   *     dev.shardmark.collectives.Algorithms#of} runs
   */
  public Soak(List<? extends Algorithm> algorithms, long seed) {
    this.algorithms = List.copyOf(algorithms);
    this.seed = seed;
  }

  /**
   * What was done without a wrong result.
   *
   * @param operations calls made by all ranks together, counted once
   * @param faults ranks that failed on purpose
   */
  public record Report(long seed, int rounds, long operations, int faults) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d operations in %d rounds, %d of them with a fault: seed=%d",
          operations,
          rounds,
          faults,
          seed);
    }
  }

  /**
   * Runs rounds for a time, at least one.
   *
   * @throws IllegalStateException naming seed, round and call, if something went wrong
   */
  public Report run(Duration time) {
    long startNs = System.nanoTime();
    int rounds = 0;
    int faults = 0;
    long operations = 0;
    do {
      Round round = new Round(algorithms, seed, rounds);
      operations += round.run();
      faults += round.fault() == Round.Fault.NONE ? 0 : 1;
      rounds++;
    } while (System.nanoTime() - startNs < time.toNanos());
    return new Report(seed, rounds, operations, faults);
  }

  /**
   * Runs one round, and returns how many operations it did.
   *
   * @throws IllegalStateException naming seed, round and call, if something went wrong
   */
  public long round(int number) {
    return new Round(algorithms, seed, number).run();
  }
}
