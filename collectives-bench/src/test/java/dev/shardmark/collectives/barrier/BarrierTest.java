package dev.shardmark.collectives.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.CollectiveTimeoutException;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankFailedException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BarrierTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int ROUNDS = 100;

  static Stream<Arguments> barriersAndTransports() {
    return Stream.of(
        Arguments.of(new CentralBarrier(), Transport.SHARED),
        Arguments.of(new DisseminationBarrier(), Transport.SHARED),
        Arguments.of(new DisseminationBarrier(), Transport.COPYING));
  }

  static Stream<Arguments> barriersTransportsAndRanks() {
    int[] ranks = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16};
    return barriersAndTransports()
        .map(Arguments::get)
        .flatMap(of -> IntStream.of(ranks).mapToObj(p -> Arguments.of(of[0], of[1], p)));
  }

  @ParameterizedTest
  @MethodSource("barriersTransportsAndRanks")
  void nobodyLeavesBeforeAllHaveCome(Barrier barrier, Transport transport, int p) {
    AtomicInteger come = new AtomicInteger();
    try (RankGroup group = open(p, DEADLINE, transport, barrier)) {
      for (int run = 1; run <= 2; run++) {
        int before = (run - 1) * ROUNDS * p;
        group.run(
            rank -> {
              for (int round = 1; round <= ROUNDS; round++) {
                come.incrementAndGet();
                rank.barrier();
                assertThat(come.get()).isGreaterThanOrEqualTo(before + round * p);
              }
              assertThat(rank.sentBytes()).isZero();
            });
      }
    }
  }

  /** Plain writes, of each rank before it comes, are there for all others after. */
  @ParameterizedTest
  @MethodSource("barriersTransportsAndRanks")
  void whatWasWrittenBeforeIsSeenAfter(Barrier barrier, Transport transport, int p) {
    int[] written = new int[p];
    try (RankGroup group = open(p, DEADLINE, transport, barrier)) {
      group.run(
          rank -> {
            for (int round = 1; round <= ROUNDS; round++) {
              written[rank.rank()] = round;
              rank.barrier();
              assertThat(written).containsOnly(round);
              rank.barrier();
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("barriersAndTransports")
  void barriersAndMessagesMix(Barrier barrier, Transport transport) {
    int p = 5;
    try (RankGroup group = open(p, DEADLINE, transport, barrier)) {
      group.run(
          rank -> {
            float[] out = new float[3];
            float[] in = new float[3];
            for (int round = 1; round <= ROUNDS; round++) {
              int shift = 1 + round % (p - 1);
              out[1] = 10 * round + rank.rank();
              int from = (rank.rank() + p - shift) % p;
              rank.barrier();
              rank.sendReceive((rank.rank() + shift) % p, out, 0, 3, from, in, 0, 3);
              assertThat(in[1]).isEqualTo(10 * round + from);
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("barriersAndTransports")
  void partsOfAGroupDoNotWaitForEachOther(Barrier barrier, Transport transport) {
    AtomicInteger come = new AtomicInteger();
    try (RankGroup group = open(7, DEADLINE, transport, barrier)) {
      group.run(
          rank -> {
            Communicator part = rank.split(rank.rank() % 2, 0);
            if (rank.rank() % 2 == 1) {
              for (int round = 1; round <= ROUNDS; round++) {
                come.incrementAndGet();
                part.barrier();
                assertThat(come.get()).isGreaterThanOrEqualTo(3 * round);
              }
            }
            rank.barrier();
            assertThat(come.get()).isEqualTo(3 * ROUNDS);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("barriersAndTransports")
  void aRankThatDoesNotComeIsATimeoutForAllOthers(Barrier barrier, Transport transport) {
    try (RankGroup group = open(6, Duration.ofSeconds(1), transport, barrier)) {
      for (int absent = 1; absent < 6; absent += 2) { // rank 0 would time the run
        int missing = absent;
        assertThatThrownBy(
                () ->
                    group.run(
                        rank -> {
                          if (rank.rank() != missing) {
                            rank.barrier();
                          }
                        }))
            .isInstanceOf(CollectiveTimeoutException.class)
            .satisfies(
                late -> {
                  assertThat(((CollectiveTimeoutException) late).rank()).isNotEqualTo(missing);
                  assertThat(((CollectiveTimeoutException) late).step()).isBetween(0, 2);
                });
        group.run(rank -> rank.barrier());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("barriersAndTransports")
  void aRankThatFailsEndsTheWaitOfAllOthers(Barrier barrier, Transport transport) {
    try (RankGroup group = open(6, DEADLINE, transport, barrier)) {
      for (int culprit = 0; culprit < 6; culprit++) {
        int failing = culprit;
        assertThatThrownBy(
                () ->
                    group.run(
                        rank -> {
                          rank.barrier();
                          if (rank.rank() == failing) {
                            throw new IllegalStateException("no more");
                          }
                          rank.barrier();
                        }))
            .isInstanceOf(RankFailedException.class)
            .hasMessageStartingWith("rank " + failing + " failed")
            .hasNoSuppressedExceptions();
        group.run(rank -> rank.barrier());
      }
    }
  }

  @Test
  void aCentralBarrierNeedsSharedMemory() {
    assertThatThrownBy(() -> open(2, DEADLINE, Transport.COPYING, new CentralBarrier()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("algorithm=CentralBarrier transport=copying");
  }

  private static RankGroup open(int p, Duration deadline, Transport transport, Barrier barrier) {
    return RankGroup.open(p, deadline, transport, Algorithms.of(transport).with(barrier));
  }
}
