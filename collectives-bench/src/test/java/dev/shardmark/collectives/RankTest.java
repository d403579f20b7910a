package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RankTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  static Transport[] transports() {
    return new Transport[] {Transport.SHARED, Transport.COPYING};
  }

  static Stream<Arguments> transportsAndRanks() {
    return Stream.of(transports())
        .flatMap(transport -> IntStream.of(2, 3, 5, 9).mapToObj(p -> Arguments.of(transport, p)));
  }

  @ParameterizedTest
  @MethodSource("transportsAndRanks")
  void messagesArriveInOrderAndOnlyInTheirSlice(Transport transport, int p) {
    try (RankGroup group = RankGroup.open(p, DEADLINE, transport)) {
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

  @ParameterizedTest
  @MethodSource("transportsAndRanks")
  void ranksSendAndReceiveInACircle(Transport transport, int p) {
    try (RankGroup group = RankGroup.open(p, DEADLINE, transport)) {
      group.run(
          rank -> {
            int next = (rank.rank() + 1) % p;
            int previous = (rank.rank() + p - 1) % p;
            float[] buffer = {-1, -1, rank.rank(), -1}; // from 2 on out, from 1 on in
            for (int round = 1; round <= p; round++) {
              rank.sendReceive(next, buffer, 2, 1, previous, buffer, 1, 1);
              assertThat(buffer)
                  .containsExactly(-1, Math.floorMod(rank.rank() - round, p), buffer[2], -1);
              buffer[2] = buffer[1]; // mine again
            }
            float[] none = {};
            float[] two = {5, 6};
            if (rank.rank() == 0) { // lengths may differ from pair to pair
              rank.sendReceive(1, two, 0, 2, p - 1, none, 0, 0);
            } else {
              float[] in = new float[rank.rank() == 1 ? 2 : 0];
              rank.sendReceive(next, none, 0, 0, previous, in, 0, in.length);
              assertThat(in).isEqualTo(rank.rank() == 1 ? two : none);
            }
            assertThat(rank.sentBytes()).isEqualTo(4L * (rank.rank() == 0 ? p + 2 : p));
          });
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aSenderMayReuseItsBuffer(Transport transport) {
    try (RankGroup group = RankGroup.open(2, DEADLINE, transport)) {
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

  @ParameterizedTest
  @MethodSource("transports")
  void sendAndReceiveMustAgreeOnLength(Transport transport) {
    try (RankGroup group = RankGroup.open(2, DEADLINE, transport)) {
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
          .hasMessage("lengths must agree: rank 1 expects 3 elements from rank 0, which sends 4");
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

  @ParameterizedTest
  @MethodSource("transports")
  void lengthZeroOfAnyTypeLeavesBuffersAlone(Transport transport) {
    try (RankGroup group = RankGroup.open(3, DEADLINE, transport)) {
      group.run(
          rank -> {
            float[] x = {7, 7};
            short[] bf16 = {7, 7};
            rank.allReduce(x, 2, 0, ReduceOp.SUM);
            rank.allReduce(bf16, 1, 0, ReduceOp.SUM);
            rank.allReduce(bf16, 0, 1, ReduceOp.MAX); // fewer elements than ranks
            rank.allReduce(x, 0, 1, ReduceOp.MAX);
            rank.barrier();
            assertThat(x).containsExactly(7, 7);
            assertThat(bf16).containsExactly(7, 7);
          });
    }
  }

  @Test
  void aRankAloneHasNobodyToAsk() {
    try (RankGroup group = RankGroup.open(1, DEADLINE)) {
      group.run(
          rank -> {
            float[] x = {1, 2, 0, 0};
            rank.allReduce(x, 0, 2, ReduceOp.SUM);
            rank.reduce(x, 0, 2, ReduceOp.SUM, 0);
            rank.broadcast(x, 0, 2, 0);
            rank.barrier();
            rank.allReduce(x, 0, x, 2, 2, ReduceOp.SUM);
            assertThat(x).containsExactly(1, 2, 1, 2);
            rank.reduceScatter(x, 0, x, 3, 1, ReduceOp.SUM);
            rank.allGather(x, 1, x, 0, 1);
            rank.allToAll(x, 0, x, 2, 1);
            assertThat(x).containsExactly(2, 2, 2, 1);
            rank.allToAllV(x, 2, new int[] {2}, x, 0, new int[] {2});
            assertThat(x).containsExactly(2, 1, 2, 1);
          });
      assertThatThrownBy(() -> group.run(rank -> one(rank, new int[] {2}, new int[] {1})))
          .hasRootCauseMessage("lengths must agree: sent=2 received=1");
    }
  }

  private static void one(Rank rank, int[] sent, int[] received) {
    rank.allToAllV(new float[2], 0, sent, new float[2], 0, received);
  }
}
