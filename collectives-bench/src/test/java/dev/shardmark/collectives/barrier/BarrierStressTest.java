package dev.shardmark.collectives.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of a barrier under a race: behind it every rank sees what any rank wrote before it,
 * in plain fields, and nothing of what is written after the next.
 */
class BarrierStressTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int ROUNDS_PER_RUN = 1000;
  private static final Duration SOUND = Duration.ofMillis(500);

  /** A broken barrier shows itself long before. */
  private static final Duration BROKEN = Duration.ofSeconds(20);

  /** Ints of a rank, so that no two ranks' share a cache line. */
  private static final int STRIDE = 32;

  static Stream<Arguments> sound() {
    return Stream.of(2, 3, 4)
        .flatMap(
            ranks ->
                Stream.of(
                    Arguments.of(new CentralBarrier(), Transport.SHARED, ranks),
                    Arguments.of(new DisseminationBarrier(), Transport.SHARED, ranks),
                    Arguments.of(new DisseminationBarrier(), Transport.COPYING, ranks)));
  }

  static Stream<Barrier> broken() {
    return Stream.of(new WaitsForNobody(), new WaitsForTheRankBefore(), new WaitsForRank0());
  }

  @ParameterizedTest
  @MethodSource("sound")
  void everyRankSeesWhatWasWrittenBefore(Barrier barrier, Transport transport, int ranks) {
    assertThat(forbidden(barrier, transport, ranks, true)).isZero();
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenBarrierIsCaught(Barrier barrier) {
    assertThat(forbidden(barrier, Transport.SHARED, 3, false)).isPositive();
  }

  private static long forbidden(Barrier barrier, Transport transport, int ranks, boolean sound) {
    int[] fields = new int[ranks * STRIDE];
    AtomicLong forbidden = new AtomicLong();
    long limitNs = (sound ? SOUND : BROKEN).toNanos();
    long startNs = System.nanoTime();
    Algorithms algorithms = Algorithms.of(transport).with(barrier);
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport, algorithms)) {
      do {
        group.run(
            rank -> {
              long seen = 0;
              for (int round = 1; round <= ROUNDS_PER_RUN; round++) {
                fields[rank.rank() * STRIDE] = round;
                rank.barrier();
                for (int peer = 0; peer < ranks; peer++) {
                  seen += fields[peer * STRIDE] == round ? 0 : 1;
                }
                rank.barrier();
              }
              forbidden.addAndGet(seen);
            });
      } while (System.nanoTime() - startNs < limitNs && (sound || forbidden.get() == 0));
    }
    return forbidden.get();
  }

  private static final class WaitsForNobody implements Barrier {
    @Override
    public String parameter() {
      return "nobody";
    }

    @Override
    public void run(Rank rank) {}
  }

  /** The first step of the dissemination alone. */
  private static final class WaitsForTheRankBefore implements Barrier {
    @Override
    public String parameter() {
      return "rank_before";
    }

    @Override
    public void run(Rank rank) {
      int p = rank.size();
      rank.post((rank.rank() + 1) % p, Rank.NOTHING, 0, 0, 0);
      rank.take((rank.rank() + p - 1) % p, 0, 0).giveBack();
    }
  }

  private static final class WaitsForRank0 implements Barrier {
    @Override
    public String parameter() {
      return "rank_0";
    }

    @Override
    public void run(Rank rank) {
      if (rank.rank() > 0) {
        rank.take(0, 0, 0).giveBack();
        return;
      }
      for (int peer = 1; peer < rank.size(); peer++) {
        rank.post(peer, Rank.NOTHING, 0, 0, 0);
      }
    }
  }
}
