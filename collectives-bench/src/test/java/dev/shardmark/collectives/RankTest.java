package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RankTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 9})
  void messagesArriveInOrderAndOnlyInTheirSlice(int p) {
    try (RankGroup group = RankGroup.open(p, DEADLINE)) {
      group.run(
          rank -> {
            for (int message = 0; message < 100; message++) {
              float[] out = {-1, message, rank.rank(), -1};
              float[] in = {-2, -2, -2, -2};
              if (rank.rank() == 0) {
                rank.send(1, out, 1, 2);
                rank.receive(p - 1, in, 1, 2);
                assertThat(in).containsExactly(-2, message, p - 1, -2);
              } else {
                rank.receive(rank.rank() - 1, in, 1, 2);
                assertThat(in).containsExactly(-2, message, rank.rank() - 1, -2);
                rank.send((rank.rank() + 1) % p, out, 1, 2);
              }
            }
            assertThat(rank.sentBytes()).isEqualTo(100 * 2 * Float.BYTES);
          });
    }
  }

  @Test
  void aSenderMayReuseItsBuffer() {
    try (RankGroup group = RankGroup.open(2, DEADLINE)) {
      group.run(
          rank -> {
            float[] buffer = new float[1000];
            for (int message = 0; message < 1000; message++) {
              if (rank.rank() == 0) {
                buffer[999] = message;
                rank.send(1, buffer, 0, 1000);
              } else {
                rank.receive(0, buffer, 0, 1000);
                assertThat(buffer[999]).isEqualTo(message);
              }
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16})
  void nobodyLeavesABarrierBeforeAllHaveEntered(int p) {
    AtomicInteger entered = new AtomicInteger();
    try (RankGroup group = RankGroup.open(p, DEADLINE)) {
      group.run(
          rank -> {
            for (int round = 1; round <= 50; round++) {
              entered.incrementAndGet();
              rank.barrier();
              assertThat(entered.get()).isGreaterThanOrEqualTo(round * p);
            }
          });
    }
  }

  @Test
  void sendAndReceiveMustAgreeOnLength() {
    try (RankGroup group = RankGroup.open(2, DEADLINE)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        if (rank.rank() == 0) {
                          rank.send(1, new float[4], 0, 4);
                        } else {
                          rank.receive(0, new float[4], 0, 3);
                        }
                      }))
          .isInstanceOf(RankFailedException.class)
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("lengths must agree: rank 1 has 3, rank 0 has 4");
    }
  }

  @Test
  void aPeerMustBeAnotherRank() {
    try (RankGroup group = RankGroup.open(2, DEADLINE)) {
      assertThatThrownBy(() -> group.run(rank -> rank.send(rank.rank(), new float[4], 0, 4)))
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a rank must not be its own peer");
      assertThatThrownBy(() -> group.run(rank -> rank.send(2, new float[4], 0, 4)))
          .hasRootCauseInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
