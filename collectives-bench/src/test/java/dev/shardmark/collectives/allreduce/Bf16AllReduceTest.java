package dev.shardmark.collectives.allreduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.math.Bf16;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class Bf16AllReduceTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final double UNIT_ROUNDOFF = 0x1p-8;
  private static final int OFFSET = 5;
  private static final short GUARD = Bf16.round(Float.NaN);

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  static Stream<Arguments> variantsAndRanks() {
    return variants()
        .flatMap(
            variant ->
                IntStream.of(1, 2, 3, 4, 7, 8, 9, 16).mapToObj(p -> Arguments.of(variant, p)));
  }

  /** Whole numbers up to 256 are exact in bf16, and no sum of these exceeds 136. */
  @ParameterizedTest
  @MethodSource("variantsAndRanks")
  void smallWholeNumbersAreExact(AllReduceVariant variant, int p) {
    try (RankGroup group = variant.open(p, DEADLINE)) {
      for (int length : new int[] {0, 1, p - 1, p + 1, 67, 1000}) {
        for (ReduceOp op : ReduceOp.values()) {
          for (int repeat = 0; repeat < 2; repeat++) {
            short[][] buffers = guarded(p, length, (rank, i) -> (rank + i) % 17);
            group.run(rank -> rank.allReduce(buffers[rank.rank()], OFFSET, length, op));
            verify(buffers, length, op);
          }
        }
      }
    }
  }

  private static short[][] guarded(int p, int length, IntBinaryOperator element) {
    short[][] buffers = new short[p][2 * OFFSET + length];
    for (int rank = 0; rank < p; rank++) {
      Arrays.fill(buffers[rank], GUARD);
      for (int i = 0; i < length; i++) {
        buffers[rank][OFFSET + i] = Bf16.round(element.applyAsInt(rank, i));
      }
    }
    return buffers;
  }

  private static void verify(short[][] buffers, int length, ReduceOp op) {
    short[] expected = guarded(1, length, (rank, i) -> exact(buffers.length, i, op))[0];
    for (short[] buffer : buffers) {
      assertThat(buffer).as("%s of %d", op, length).isEqualTo(expected);
    }
  }

  private static int exact(int p, int i, ReduceOp op) {
    IntStream elements = IntStream.range(0, p).map(rank -> (rank + i) % 17);
    return switch (op) {
      case SUM -> elements.sum();
      case MAX -> elements.max().orElseThrow();
      case MIN -> elements.min().orElseThrow();
    };
  }

  @ParameterizedTest
  @MethodSource("variantsAndRanks")
  void randomSumsHaveTheSameBitsOnAllRanksAndMeetTheBound(AllReduceVariant variant, int p) {
    int length = 1003;
    short[][] inputs = random(p, length);
    short[][] results = Stream.of(inputs).map(short[]::clone).toArray(short[][]::new);
    try (RankGroup group = variant.open(p, DEADLINE)) {
      group.run(rank -> rank.allReduce(results[rank.rank()], 0, length, ReduceOp.SUM));
    }
    double g = (p - 1) * UNIT_ROUNDOFF / (1 - (p - 1) * UNIT_ROUNDOFF);
    for (int i = 0; i < length; i++) {
      double exact = 0;
      double magnitude = 0;
      for (short[] input : inputs) {
        exact += Bf16.widen(input[i]);
        magnitude += Math.abs(Bf16.widen(input[i]));
      }
      assertThat(Math.abs(Bf16.widen(results[0][i]) - exact))
          .isLessThanOrEqualTo(g * magnitude + 1e-15);
    }
    for (short[] result : results) {
      assertThat(result).isEqualTo(results[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void nanReachesEveryRankAndStaysInItsPlace(AllReduceVariant variant) {
    try (RankGroup group = variant.open(5, DEADLINE)) {
      for (ReduceOp op : ReduceOp.values()) {
        short[][] buffers = random(5, 67);
        buffers[2][5] = Bf16.round(Float.NaN);
        buffers[1][66] = Bf16.round(Float.NaN);
        group.run(rank -> rank.allReduce(buffers[rank.rank()], 0, 67, op));
        for (short[] buffer : buffers) {
          assertThat(Bf16.widen(buffer[5])).isNaN();
          assertThat(Bf16.widen(buffer[66])).isNaN();
          assertThat(Bf16.widen(buffer[6])).isNotNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void countedBytesAreHalfOfThoseOfFp32(AllReduceVariant variant) {
    try (RankGroup group = variant.open(3, DEADLINE)) {
      group.run(
          rank -> {
            rank.allReduce(new short[11], 0, 11, ReduceOp.SUM);
            assertThat(2 * rank.sentBytes())
                .isEqualTo(variant.algorithm().traffic(3, 11).sentBytes().get(rank.rank()));
          });
    }
  }

  private static short[][] random(int p, int length) {
    SplittableRandom random = new SplittableRandom(42);
    short[][] values = new short[p][length];
    for (short[] row : values) {
      for (int i = 0; i < length; i++) {
        row[i] = Bf16.round((float) random.nextGaussian());
      }
    }
    return values;
  }
}
