package dev.shardmark.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardmark.collectives.allreduce.AllReduceCheck;
import dev.shardmark.collectives.allreduce.AllReduceVariant;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that do not call the same are told so at once, not at the deadline. */
@Timeout(60)
class AgreementTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String SAME = "ranks must call the same collective: rank ";

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  static Transport[] transports() {
    return new Transport[] {Transport.SHARED, Transport.COPYING};
  }

  @ParameterizedTest
  @MethodSource("variants")
  void lengthsMustAgree(AllReduceVariant variant) {
    try (RankGroup group = variant.open(3, LONG)) {
      for (int other : new int[] {9, 0}) {
        String message =
            disagreement(
                group,
                rank -> {
                  int length = rank.rank() == 2 ? other : 8;
                  rank.allReduce(new float[length], 0, length, ReduceOp.SUM);
                });
        assertThat(message)
            .contains("of 8 fp32")
            .contains("rank 2")
            .contains("all_reduce(sum) of " + other + " fp32");
        AllReduceCheck.verify(group, 100, ReduceOp.SUM); // usable again
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void allRanksButOneMayHaveLengthZero(AllReduceVariant variant) {
    try (RankGroup group = variant.open(3, LONG)) {
      for (int culprit = 0; culprit < 3; culprit++) {
        int only = culprit;
        String message =
            disagreement(
                group,
                rank -> {
                  int length = rank.rank() == only ? 8 : 0;
                  rank.allReduce(new float[8], 0, length, ReduceOp.MAX);
                });
        assertThat(message)
            .startsWith(SAME + only + " calls all_reduce(max) of 8 fp32, rank ")
            .endsWith("all_reduce(max) of 0 fp32");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aCallWithoutElementsThatIsFollowedByMoreIsStillFound(AllReduceVariant variant) {
    try (RankGroup group = variant.open(2, LONG)) {
      String message =
          disagreement(
              group,
              rank -> {
                rank.allReduce(new float[8], 0, rank.rank() == 0 ? 0 : 8, ReduceOp.SUM);
                rank.allReduce(new float[8], 0, 8, ReduceOp.SUM);
              });
      assertThat(message).contains("of 8 fp32").contains("of 0 fp32");
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void callsThatWaitForNobodyAreComparedAtTheEnd(Transport transport) {
    float[] x = new float[8];
    try (RankGroup group = RankGroup.open(3, LONG, transport)) {
      String different =
          disagreement(group, rank -> rank.allReduce(x, 0, 0, ReduceOp.values()[rank.rank() / 2]));
      assertThat(different)
          .isEqualTo(SAME + "0 calls all_reduce(sum) of 0 fp32, rank 2 all_reduce(max) of 0 fp32");
      String more =
          disagreement(
              group,
              rank -> {
                rank.barrier();
                for (int call = 0; call < rank.rank(); call++) {
                  rank.allReduce(x, 0, 0, ReduceOp.SUM);
                }
              });
      assertThat(more)
          .isEqualTo(
              "ranks must call the same collectives: rank 0 ends after 1 calls, rank 1 after 2");
      AllReduceCheck.verify(group, 8, ReduceOp.SUM);
    }
  }

  static Stream<Arguments> differentCalls() {
    float[] x = new float[16];
    short[] half = new short[16];
    return Stream.of(
        calls(
            rank -> rank.allReduce(x, 0, 8, ReduceOp.SUM),
            Rank::barrier,
            "all_reduce(sum) of 8 fp32",
            "barrier"),
        calls(
            rank -> rank.allReduce(x, 0, 8, ReduceOp.SUM),
            rank -> rank.allReduce(x, 0, 8, ReduceOp.MAX),
            "all_reduce(sum) of 8 fp32",
            "all_reduce(max) of 8 fp32"),
        calls(
            rank -> rank.allReduce(x, 0, 8, ReduceOp.SUM),
            rank -> rank.allReduce(half, 0, 8, ReduceOp.SUM),
            "all_reduce(sum) of 8 fp32",
            "all_reduce(sum) of 8 bf16"),
        calls(
            rank -> rank.broadcast(x, 0, 8, 0),
            rank -> rank.broadcast(x, 0, 8, 1),
            "broadcast of 8 fp32 with root 0",
            "broadcast of 8 fp32 with root 1"),
        calls(
            rank -> rank.reduce(x, 0, 8, ReduceOp.SUM, 1),
            rank -> rank.reduce(x, 0, 8, ReduceOp.SUM, 0),
            "reduce(sum) of 8 fp32 with root 1",
            "reduce(sum) of 8 fp32 with root 0"),
        calls(
            rank -> rank.broadcast(x, 0, 8, 0),
            rank -> rank.allReduce(x, 0, 8, ReduceOp.MIN),
            "broadcast of 8 fp32 with root 0",
            "all_reduce(min) of 8 fp32"),
        calls(
            rank -> rank.split(0, 0),
            rank -> rank.allReduce(x, 0, 8, ReduceOp.SUM),
            "split",
            "all_reduce(sum) of 8 fp32"),
        calls(rank -> rank.split(0, 0), Rank::barrier, "split", "barrier"));
  }

  private static Arguments calls(RankBody one, RankBody other, String first, String second) {
    return Arguments.of(one, other, first, second);
  }

  @ParameterizedTest(name = "{2}, {3}")
  @MethodSource("differentCalls")
  void callsMustAgree(RankBody one, RankBody other, String first, String second) {
    for (Transport transport : transports()) {
      try (RankGroup group = RankGroup.open(2, LONG, transport)) {
        AllReduceCheck.verify(group, 8, ReduceOp.SUM); // leaves windows that are now stale
        String message =
            disagreement(
                group,
                rank -> {
                  if (rank.rank() == 0) {
                    one.run(rank);
                  } else {
                    other.run(rank);
                  }
                });
        assertThat(message)
            .isIn(
                SAME + "0 calls " + first + ", rank 1 " + second,
                SAME + "1 calls " + second + ", rank 0 " + first);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void lengthsOfBlocksMustAgree(Transport transport) {
    try (RankGroup group = RankGroup.open(2, LONG, transport)) {
      String message =
          disagreement(
              group,
              rank -> {
                int[] sent = {2, rank.rank() == 0 ? 4 : 2};
                int[] received = {rank.rank() == 0 ? 2 : 3, 2}; // rank 0 sends 4
                rank.allToAllV(new float[8], 0, sent, new float[8], 0, received);
              });
      assertThat(message)
          .isEqualTo("lengths must agree: rank 1 expects 3 elements from rank 0, which sends 4");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void rootsMustBeRanks(int root) {
    try (RankGroup group = RankGroup.open(2, LONG)) {
      assertThat(disagreement(group, rank -> rank.broadcast(new float[8], 0, 8, root)))
          .isEqualTo("root must be a rank, below 2: root=" + root);
      assertThat(disagreement(group, rank -> rank.reduce(new float[8], 0, 8, ReduceOp.SUM, root)))
          .isEqualTo("root must be a rank, below 2: root=" + root);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void countsAndSlicesMustFit(Transport transport) {
    float[] x = new float[8];
    try (RankGroup group = RankGroup.open(2, LONG, transport)) {
      assertThat(disagreement(group, rank -> rank.allToAllV(x, 0, new int[1], x, 0, new int[2])))
          .isEqualTo("counts must not be negative, one for each of the 2 ranks: sent=[0]");
      assertThat(
              disagreement(
                  group, rank -> rank.allToAllV(x, 0, new int[2], x, 0, new int[] {1, -1})))
          .isEqualTo("counts must not be negative, one for each of the 2 ranks: received=[1, -1]");
      assertThatThrownBy(() -> group.run(rank -> rank.allReduce(x, 1, 8, ReduceOp.MAX)))
          .hasCauseInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> group.run(rank -> rank.allReduce(x, 0, -1, ReduceOp.MAX)))
          .hasCauseInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(
              () -> group.run(rank -> rank.allReduce(x, 0, new float[7], 0, 8, ReduceOp.SUM)))
          .hasCauseInstanceOf(IndexOutOfBoundsException.class);
      AllReduceCheck.verify(group, 8, ReduceOp.SUM);
    }
  }

  /**
   * What the first failure of a run says, which must be bad input, and come before the deadline.
   */
  private static String disagreement(RankGroup group, RankBody body) {
    long startNs = System.nanoTime();
    RankFailedException failure =
        catchThrowableOfType(RankFailedException.class, () -> group.run(body));
    assertThat(System.nanoTime() - startNs).isLessThan(LONG.toNanos() / 10);
    assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
    return failure.getCause().getMessage();
  }
}
