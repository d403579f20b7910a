package dev.shardmark.collectives.allreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.AlgorithmCase;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class AllReduceTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  static Stream<AllReduceVariant> variants() {
    return AllReduceVariant.all();
  }

  static Stream<Arguments> variantsAndRanks() {
    int[] ranks = {1, 2, 3, 4, 5, 6, 7, 8, 9, 16};
    return variants()
        .flatMap(variant -> IntStream.of(ranks).mapToObj(p -> Arguments.of(variant, p)));
  }

  /** The last exceeds one block of the direct algorithms on each of two ranks. */
  private static int[] lengths(int p) {
    return new int[] {0, 1, p - 1, p, p + 1, 4 * p + 3, 1000, 4099};
  }

  @ParameterizedTest
  @MethodSource("variantsAndRanks")
  void everyRankGetsTheResultAndNothingElseChanges(AllReduceVariant variant, int p) {
    try (RankGroup group = variant.open(p, DEADLINE)) {
      for (int length : lengths(p)) {
        for (ReduceOp op : ReduceOp.values()) {
          AllReduceCheck.verify(group, length, op);
          AllReduceCheck.verify(group, length, op);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void longVectorsToo(AllReduceVariant variant) {
    for (int p : new int[] {2, 3}) {
      try (RankGroup group = variant.open(p, DEADLINE)) {
        AllReduceCheck.verify(group, 50_001, ReduceOp.SUM); // several segments
        AllReduceCheck.verify(group, 50_001, ReduceOp.SUM);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variantsAndRanks")
  void countedBytesAreTheFormula(AllReduceVariant variant, int p) {
    float[][] buffers = new float[p][5000];
    try (RankGroup group = variant.open(p, DEADLINE)) {
      for (int length : lengths(p)) {
        AlgorithmCase.assertSent(
            group,
            variant.algorithm().traffic(p, length),
            rank -> rank.allReduce(buffers[rank.rank()], 3, length, ReduceOp.SUM));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variantsAndRanks")
  void randomSumsHaveTheSameBitsOnAllRanksAndMeetTheBound(AllReduceVariant variant, int p) {
    int length = 1003;
    float[][] inputs = random(p, length);
    float[][] results = allReduce(ReduceOp.SUM, variant, inputs);
    for (int rank = 1; rank < p; rank++) {
      assertThat(bits(results[rank])).isEqualTo(bits(results[0]));
    }
    double g = (p - 1) * UNIT_ROUNDOFF / (1 - (p - 1) * UNIT_ROUNDOFF);
    for (int i = 0; i < length; i++) {
      double exact = 0;
      double magnitude = 0;
      for (float[] input : inputs) {
        exact += input[i];
        magnitude += Math.abs(input[i]);
      }
      assertThat(Math.abs(results[0][i] - exact)).isLessThanOrEqualTo(g * magnitude + 1e-15);
    }
  }

  @Test
  void algorithmsThatSaySoAddInTheSameOrder() {
    for (int p : new int[] {2, 3, 5, 8, 11}) {
      float[][] inputs = random(p, 4500);
      assertSameBits(inputs, new ReferenceAllReduce(), new DirectAllReduce());
      assertSameBits(inputs, new ReferenceAllReduce(), new OneShotAllReduce());
      assertSameBits(inputs, new ReferenceAllReduce(), new EagerAllReduce());
      assertSameBits(inputs, new RingAllReduce(), new SegmentedRingAllReduce(100));
      assertSameBits(inputs, new RecursiveDoublingAllReduce(), new RabenseifnerAllReduce());
    }
    assertSameBits(random(8, 100), new RabenseifnerAllReduce(), new BinomialTreeAllReduce());
  }

  private static void assertSameBits(float[][] inputs, AllReduce one, AllReduce other) {
    assertThat(allReduce(ReduceOp.SUM, shared(one), inputs))
        .as("%s and %s", one.parameter(), other.parameter())
        .isDeepEqualTo(allReduce(ReduceOp.SUM, shared(other), inputs));
  }

  @Test
  void transportsGiveTheSameBits() {
    float[][] inputs = random(6, 1003);
    variants()
        .forEach(
            variant ->
                assertThat(allReduce(ReduceOp.SUM, variant, inputs))
                    .as("%s", variant)
                    .isDeepEqualTo(allReduce(ReduceOp.SUM, shared(variant.algorithm()), inputs)));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void ranksMayHoldSlicesOfOneArray(AllReduceVariant variant) {
    float[] array = {1, 2, 3, 10, 20, 30, 100, 200, 300};
    try (RankGroup group = variant.open(3, DEADLINE)) {
      group.run(rank -> rank.allReduce(array, 3 * rank.rank(), 3, ReduceOp.SUM));
    }
    assertThat(array).containsExactly(111, 222, 333, 111, 222, 333, 111, 222, 333);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void inAndOutMayBeSlicesOfOneArray(AllReduceVariant variant) {
    float[][] arrays = {{1, 2, 3, 0, 0, 0}, {10, 20, 30, 0, 0, 0}, {100, 200, 300, 0, 0, 0}};
    try (RankGroup group = variant.open(3, DEADLINE)) {
      group.run(
          rank -> {
            float[] array = arrays[rank.rank()];
            rank.allReduce(array, 0, array, 3, 3, ReduceOp.SUM);
            rank.allReduce(array, 3, array, 3, 3, ReduceOp.MAX); // in place, by the same method
          });
    }
    assertThat(arrays[0]).containsExactly(1, 2, 3, 111, 222, 333);
    assertThat(arrays[2]).containsExactly(100, 200, 300, 111, 222, 333);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void nanReachesEveryRank(AllReduceVariant variant) {
    for (ReduceOp op : ReduceOp.values()) {
      float[][] inputs = random(5, 67);
      inputs[2][5] = Float.NaN;
      inputs[1][66] = Float.NaN;
      for (float[] result : allReduce(op, variant, inputs)) {
        assertThat(result[5]).isNaN();
        assertThat(result[66]).isNaN();
        assertThat(result[6]).isNotNaN();
      }
    }
  }

  @Test
  void names() {
    assertThat(
            new HashSet<>(
                AllReduceVariant.algorithms().stream().map(AllReduce::parameter).toList()))
        .containsExactlyInAnyOrder(
            "reference",
            "direct",
            "one_shot",
            "eager",
            "ring",
            "segmented_ring",
            "recursive_doubling",
            "rabenseifner",
            "binomial_tree",
            "double_binary_tree");
  }

  @Test
  void aSegmentNeedsAnElement() {
    assertThatThrownBy(() -> new SegmentedRingAllReduce(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("segment must be at least 1: segment=0");
  }

  private static AllReduceVariant shared(AllReduce algorithm) {
    return new AllReduceVariant(algorithm, Transport.SHARED);
  }

  private static float[][] allReduce(ReduceOp op, AllReduceVariant variant, float[][] inputs) {
    float[][] buffers = Stream.of(inputs).map(float[]::clone).toArray(float[][]::new);
    try (RankGroup group = variant.open(inputs.length, DEADLINE)) {
      group.run(
          rank -> {
            float[] buffer = buffers[rank.rank()];
            rank.allReduce(buffer, 0, buffer.length, op);
          });
    }
    return buffers;
  }

  private static int[] bits(float[] values) {
    return IntStream.range(0, values.length).map(i -> Float.floatToRawIntBits(values[i])).toArray();
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
