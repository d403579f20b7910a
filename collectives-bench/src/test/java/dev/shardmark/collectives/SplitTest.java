package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.allreduce.AllReduceVariant;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SplitTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);

  static Transport[] transports() {
    return new Transport[] {Transport.SHARED, Transport.COPYING};
  }

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void ranksOfAColorAreInOrderOfKeyThenRank(Transport transport) {
    try (RankGroup group = RankGroup.open(7, DEADLINE, transport)) {
      group.run(
          rank -> {
            Communicator backwards = rank.split(rank.rank() % 3, -rank.rank());
            assertThat(backwards.size()).isEqualTo(rank.rank() % 3 == 0 ? 3 : 2);
            assertThat(backwards.rank()).isEqualTo(backwards.size() - 1 - rank.rank() / 3);
            Communicator equalKeys = rank.split(1_000_000, 5);
            assertThat(equalKeys.rank()).isEqualTo(rank.rank());
            assertThat(equalKeys.size()).isEqualTo(7);
            assertThat(rank.size()).isEqualTo(7);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void collectivesOfPartsAndOfTheWholeInTurn(AllReduceVariant variant) {
    int p = 7;
    try (RankGroup group = variant.open(p, DEADLINE)) {
      group.run(
          rank -> {
            int color = rank.rank() % 2; // 0, 2, 4, 6 and 1, 3, 5
            Communicator part = rank.split(color, 0);
            float partSum =
                IntStream.range(0, p).filter(r -> r % 2 == color).map(r -> 1 << r).sum();
            for (int round = 0; round < 20; round++) {
              assertThat(sum(part, 1 << rank.rank(), 10)).containsOnly(partSum);
              if (round % 4 == color) {
                assertThat(sum(part, 1, 3)).containsOnly(part.size()); // more calls in one part
              }
              assertThat(sum(rank, 1 << rank.rank(), 11)).containsOnly(127);
              part.barrier();
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void partsAreSplitAgain(Transport transport) {
    try (RankGroup group = RankGroup.open(8, DEADLINE, transport)) {
      group.run(
          rank -> {
            Communicator half = rank.split(rank.rank() / 4, rank.rank());
            Communicator pair = half.split(half.rank() / 2, -half.rank());
            Communicator alone = pair.split(pair.rank(), 0);
            assertThat(pair.size()).isEqualTo(2);
            assertThat(pair.rank()).isEqualTo(1 - rank.rank() % 2);
            assertThat(sum(pair, 1 << rank.rank(), 5)).containsOnly(3 << rank.rank() / 2 * 2);
            assertThat(alone.size()).isEqualTo(1);
            assertThat(sum(alone, 42, 5)).containsOnly(42);
            assertThat(sum(half, 1 << rank.rank(), 5)).containsOnly(15 << rank.rank() / 4 * 4);
            assertThat(sum(rank, 1 << rank.rank(), 5)).containsOnly(255);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void messagesAndRootsCountRanksOfThePart(Transport transport) {
    try (RankGroup group = RankGroup.open(5, DEADLINE, transport)) {
      group.run(
          rank -> {
            Communicator part = rank.split(rank.rank() < 2 ? 0 : 1, -rank.rank());
            float[] x = {rank.rank()};
            part.broadcast(x, 0, 1, part.size() - 1); // the lowest rank of the part
            assertThat(x[0]).isEqualTo(rank.rank() < 2 ? 0 : 2);
            float[] out = {part.rank()};
            float[] in = new float[1];
            int next = (part.rank() + 1) % part.size();
            int previous = (part.rank() + part.size() - 1) % part.size();
            part.sendReceive(next, out, 0, 1, previous, in, 0, 1);
            assertThat(in[0]).isEqualTo(previous);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bytesSentInPartsAreCounted(Transport transport) {
    try (RankGroup group = RankGroup.open(4, DEADLINE, transport)) {
      group.run(
          rank -> {
            Communicator pair = rank.split(rank.rank() / 2, 0);
            if (pair.rank() == 0) {
              pair.send(1, new float[3], 0, 3);
            } else {
              pair.receive(0, new float[3], 0, 3);
            }
            assertThat(rank.sentBytes()).isEqualTo(pair.rank() == 0 ? 12 : 0);
          });
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void messagesNameRanksOfTheWhole(Transport transport) {
    try (RankGroup group = RankGroup.open(5, SHORT, transport)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        Communicator part = rank.split(rank.rank() < 3 ? 0 : 1, 0);
                        if (rank.rank() == 3) {
                          part.barrier();
                        }
                      }))
          .isInstanceOf(CollectiveTimeoutException.class)
          .hasMessageMatching("rank 3 waited 0\\.\\d+ s for rank 4 at step 0");
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        Communicator part = rank.split(rank.rank() < 3 ? 0 : 1, 0);
                        if (rank.rank() >= 3) {
                          part.allReduce(new float[rank.rank()], 0, rank.rank(), ReduceOp.SUM);
                        }
                      }))
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("rank 3", "of 3 fp32", "rank 4", "of 4 fp32");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void partsLastFromRunToRunUntilOneFails(Transport transport) {
    Communicator[] parts = new Communicator[4];
    try (RankGroup group = RankGroup.open(4, DEADLINE, transport)) {
      group.run(rank -> parts[rank.rank()] = rank.split(rank.rank() / 2, 0));
      group.run(rank -> assertThat(sum(parts[rank.rank()], 1, 3)).containsOnly(2));
      assertThatThrownBy(
              () ->
                  group.run(
                      rank -> {
                        if (rank.rank() == 3) {
                          throw new IllegalStateException("no more");
                        }
                        sum(parts[rank.rank()], 1, 3);
                      }))
          .isInstanceOf(RankFailedException.class);
      assertThatThrownBy(() -> group.run(rank -> sum(parts[rank.rank()], 1, 3)))
          .hasRootCauseMessage("a group split off before a failure must be split off again");
      group.run(rank -> assertThat(sum(rank.split(rank.rank() / 2, 0), 1, 3)).containsOnly(2));
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void colorsMustNotBeNegative(Transport transport) {
    try (RankGroup group = RankGroup.open(2, DEADLINE, transport)) {
      assertThatThrownBy(() -> group.run(rank -> rank.split(-1, 0)))
          .hasRootCauseInstanceOf(IllegalArgumentException.class)
          .hasRootCauseMessage("color must not be negative: color=-1");
    }
  }

  private static float[] sum(Communicator ranks, float each, int length) {
    float[] x = new float[length];
    Arrays.fill(x, each);
    ranks.allReduce(x, 0, length, ReduceOp.SUM);
    return x;
  }
}
