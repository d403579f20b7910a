package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An algorithm to test among so many ranks.
 *
 * @param <A> the contract
 */
public record AlgorithmCase<A extends Algorithm>(A algorithm, Transport transport, int ranks) {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int ROUNDS = 40;
  private static final List<Integer> RANKS = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 16);

  /** Every number of ranks, over every transport that carries the algorithm. */
  public static <A extends Algorithm> Stream<AlgorithmCase<A>> of(List<A> algorithms) {
    return algorithms.stream()
        .flatMap(
            algorithm ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .filter(to -> !to.copies() || !algorithm.needsSharedMemory())
                    .flatMap(to -> RANKS.stream().map(p -> new AlgorithmCase<>(algorithm, to, p))));
  }

  /** A group that runs the algorithm. */
  public RankGroup open() {
    return RankGroup.open(ranks, DEADLINE, transport, Algorithms.of(transport).with(algorithm));
  }

  /** Around the number of ranks; the last exceeds a block per rank for two ranks. */
  public int[] lengths() {
    return new int[] {0, 1, ranks - 1, ranks, ranks + 1, 4 * ranks + 3, 1000, 4099};
  }

  /** All for few ranks; else the ends, and two in between. */
  public int[] roots() {
    return ranks <= 5
        ? IntStream.range(0, ranks).toArray()
        : new int[] {0, 1, ranks / 2, ranks - 1};
  }

  /** Between two calls: writes NaN to what the rank keeps, and makes one rank late. */
  private static void disturb(Rank rank, int round) {
    for (int which = 0; which < 2; which++) {
      Elements kept = rank.scratch(which, Rank.NOTHING, 1);
      Arrays.fill(((Fp32Elements) kept).data(), Float.NaN);
    }
    if (round % rank.size() == rank.rank()) {
      LockSupport.parkNanos(100_000);
    }
  }

  /** Makes 40 calls of growing lengths, disturbed in between. */
  public void rounds(Round round) {
    try (RankGroup group = open()) {
      group.run(
          rank -> {
            for (int number = 0; number < ROUNDS; number++) {
              disturb(rank, number);
              round.run(rank, number, 1 + 29 * number);
            }
          });
    }
  }

  /** What one rank does in one of {@link #rounds}. */
  public interface Round {
    void run(Rank rank, int number, int length);
  }

  /** Makes a call, and fails unless each rank sends what the formula says. */
  public static void assertSent(RankGroup group, Traffic traffic, RankBody call) {
    group.run(
        rank -> {
          long before = rank.sentBytes();
          call.run(rank);
          assertThat(rank.sentBytes() - before)
              .as("%s, rank %d", traffic, rank.rank())
              .isEqualTo(traffic.sentBytes().get(rank.rank()));
        });
  }

  /** Fails unless nothing moves. */
  public static void assertStill(Traffic traffic) {
    assertThat(traffic.steps()).isZero();
    assertThat(traffic.memoryBytes()).isZero();
    assertThat(traffic.sentBytes()).containsOnly(0L);
  }

  /** Vectors whose sums depend on the order of the ranks. */
  public static float[][] random(int ranks, int length) {
    SplittableRandom random = new SplittableRandom(42);
    float[][] vectors = new float[ranks][length];
    for (float[] vector : vectors) {
      for (int i = 0; i < length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  @Override
  public String toString() {
    return algorithm.parameter() + " " + transport.parameter() + " ranks=" + ranks;
  }
}
