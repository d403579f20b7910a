package dev.shardmark.collectives.allreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AllReduceTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  static Stream<AllReduce> algorithms() {
    return Stream.of(new ReferenceAllReduce(), new DirectAllReduce(), new RingAllReduce());
  }

  static Stream<Arguments> algorithmsAndRanks() {
    int[] ranks = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16};
    return algorithms()
        .flatMap(algorithm -> IntStream.of(ranks).mapToObj(p -> Arguments.of(algorithm, p)));
  }

  /** The last exceeds one block of the direct algorithm on each of two ranks. */
  private static int[] lengths(int p) {
    return new int[] {0, 1, p - 1, p, p + 1, 4 * p + 3, 1000, 4099};
  }

  @ParameterizedTest
  @MethodSource("algorithmsAndRanks")
  void everyRankGetsTheResultAndNothingElseChanges(AllReduce algorithm, int p) {
    try (RankGroup group = RankGroup.open(p, DEADLINE, algorithm)) {
      for (int length : lengths(p)) {
        for (ReduceOp op : ReduceOp.values()) {
          AllReduceCheck.verify(group, length, op);
          AllReduceCheck.verify(group, length, op);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("algorithmsAndRanks")
  void countedBytesAreTheFormula(AllReduce algorithm, int p) {
    float[][] buffers = new float[p][5000];
    for (int length : lengths(p)) {
      try (RankGroup group = RankGroup.open(p, DEADLINE, algorithm)) {
        group.run(
            rank -> {
              rank.allReduce(buffers[rank.rank()], 3, length, ReduceOp.SUM);
              assertThat(rank.sentBytes())
                  .as("length %d, rank %d", length, rank.rank())
                  .isEqualTo(algorithm.traffic(p, length).sentBytes().get(rank.rank()));
            });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("algorithmsAndRanks")
  void randomSumsHaveTheSameBitsOnAllRanksAndMeetTheBound(AllReduce algorithm, int p) {
    int length = 1003;
    float[][] inputs = random(p, length);
    float[][] results = allReduce(algorithm, inputs);
    for (int rank = 1; rank < p; rank++) {
      assertThat(results[rank]).isEqualTo(results[0]);
    }
    double g = (p - 1) * UNIT_ROUNDOFF / (1 - (p - 1) * UNIT_ROUNDOFF);
    for (int i = 0; i < length; i++) {
      double exact = 0;
      double magnitude = 0;
      for (float[] input : inputs) {
        exact += input[i];
        magnitude += Math.abs(input[i]);
      }
      assertThat((double) results[0][i]).isCloseTo(exact, within(g * magnitude + 1e-15));
    }
  }

  @Test
  void directAddsInTheOrderOfTheReference() {
    for (int p : new int[] {2, 3, 5, 8}) {
      float[][] inputs = random(p, 2500);
      assertThat(allReduce(new DirectAllReduce(), inputs))
          .isDeepEqualTo(allReduce(new ReferenceAllReduce(), inputs));
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void ranksMayHoldSlicesOfOneArray(AllReduce algorithm) {
    float[] array = {1, 2, 3, 10, 20, 30, 100, 200, 300};
    try (RankGroup group = RankGroup.open(3, DEADLINE, algorithm)) {
      group.run(rank -> rank.allReduce(array, 3 * rank.rank(), 3, ReduceOp.SUM));
    }
    assertThat(array).containsExactly(111, 222, 333, 111, 222, 333, 111, 222, 333);
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void nanReachesEveryRank(AllReduce algorithm) {
    for (ReduceOp op : ReduceOp.values()) {
      float[][] inputs = random(4, 67);
      inputs[2][5] = Float.NaN;
      inputs[1][66] = Float.NaN;
      for (float[] result : allReduce(op, algorithm, inputs)) {
        assertThat(result[5]).isNaN();
        assertThat(result[66]).isNaN();
        assertThat(result[6]).isNotNaN();
      }
    }
  }

  private static float[][] allReduce(AllReduce algorithm, float[][] inputs) {
    return allReduce(ReduceOp.SUM, algorithm, inputs);
  }

  private static float[][] allReduce(ReduceOp op, AllReduce algorithm, float[][] inputs) {
    float[][] buffers = Stream.of(inputs).map(float[]::clone).toArray(float[][]::new);
    try (RankGroup group = RankGroup.open(inputs.length, DEADLINE, algorithm)) {
      group.run(
          rank -> {
            float[] buffer = buffers[rank.rank()];
            rank.allReduce(buffer, 0, buffer.length, op);
          });
    }
    return buffers;
  }

  private static float[][] random(int p, int length) {
    SplittableRandom random = new SplittableRandom(42);
    float[][] values = new float[p][length];
    for (float[] row : values) {
      for (int i = 0; i < length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }
}
