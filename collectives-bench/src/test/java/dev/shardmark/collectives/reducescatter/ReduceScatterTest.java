package dev.shardmark.collectives.reducescatter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.AlgorithmCase;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceScatterTest {
  private static final List<ReduceScatter> ALGORITHMS =
      List.of(
          new DirectReduceScatter(), new RingReduceScatter(), new RecursiveHalvingReduceScatter());

  static Stream<AlgorithmCase<ReduceScatter>> cases() {
    return AlgorithmCase.of(ALGORITHMS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRankGetsItsChunkAndNothingElseChanges(AlgorithmCase<ReduceScatter> test) {
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        for (ReduceOp op : ReduceOp.values()) {
          ReduceScatterCheck.verify(group, length, op);
          ReduceScatterCheck.verify(group, length, op);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countedBytesAreTheFormula(AlgorithmCase<ReduceScatter> test) {
    int p = test.ranks();
    float[][] in = new float[p][5000];
    float[][] out = new float[p][5000];
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        Traffic traffic = test.algorithm().traffic(p, length);
        AlgorithmCase.assertSent(
            group,
            traffic,
            rank ->
                rank.reduceScatter(in[rank.rank()], 3, out[rank.rank()], 5, length, ReduceOp.SUM));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buffersMayBeWrittenOnceACallReturns(AlgorithmCase<ReduceScatter> test) {
    int p = test.ranks();
    KnownOperands operands = new KnownOperands(p);
    test.rounds(
        (rank, round, length) -> {
          int r = rank.rank();
          float[] in = new float[length];
          for (int i = 0; i < length; i++) {
            in[i] = operands.element(r, i + round);
          }
          int start = Chunks.start(length, r, p);
          float[] out = round % 2 == 0 ? in : new float[Chunks.length(length, r, p)];
          int outAt = round % 2 == 0 ? start : 0;
          rank.reduceScatter(in, 0, out, outAt, length, ReduceOp.SUM);
          float[] result = Arrays.copyOfRange(out, outAt, outAt + Chunks.length(length, r, p));
          Arrays.fill(in, Float.NaN);
          Arrays.fill(out, Float.NaN);
          float[] expected = new float[result.length];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = operands.combined(ReduceOp.SUM, start + i + round);
          }
          assertThat(result).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void elementsAreAddedInTheDocumentedOrder(AlgorithmCase<ReduceScatter> test) {
    int p = test.ranks();
    int length = 10_007;
    float[][] x = AlgorithmCase.random(p, length);
    float[][] out = new float[p][length];
    try (RankGroup group = test.open()) {
      group.run(
          rank -> {
            int r = rank.rank();
            rank.reduceScatter(x[r], 0, out[r], 0, length, ReduceOp.SUM);
          });
    }
    for (int chunk = 0; chunk < p; chunk++) {
      int start = Chunks.start(length, chunk, p);
      float[] expected = new float[Chunks.length(length, chunk, p)];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = sum(test.algorithm(), x, start + i, chunk);
      }
      assertThat(Arrays.copyOf(out[chunk], expected.length)).isEqualTo(expected);
    }
  }

  private static float sum(ReduceScatter algorithm, float[][] x, int i, int chunk) {
    return switch (algorithm.parameter()) {
      case "direct" -> fromRank(x, i, 0);
      case "ring" -> fromRank(x, i, (chunk + 1) % x.length);
      default -> tree(x, i);
    };
  }

  private static float fromRank(float[][] x, int i, int first) {
    float sum = x[first][i];
    for (int distance = 1; distance < x.length; distance++) {
      sum += x[(first + distance) % x.length][i];
    }
    return sum;
  }

  private static float tree(float[][] x, int i) {
    int actors = Integer.highestOneBit(x.length);
    int extra = x.length - actors;
    float[] sums = new float[actors];
    for (int a = 0; a < actors; a++) {
      sums[a] = a < extra ? x[2 * a][i] + x[2 * a + 1][i] : x[a + extra][i];
    }
    for (int half = actors / 2; half > 0; half /= 2) {
      for (int a = 0; a < half; a++) {
        sums[a] += sums[a + half];
      }
    }
    return sums[0];
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ranksMayHoldSlicesOfOneArray(AlgorithmCase<ReduceScatter> test) {
    int p = test.ranks();
    int length = 2 * p + 1;
    KnownOperands operands = new KnownOperands(p);
    float[] array = new float[p * length];
    for (int at = 0; at < array.length; at++) {
      array[at] = operands.element(at / length, at % length);
    }
    try (RankGroup group = test.open()) {
      group.run(
          rank -> {
            int at = rank.rank() * length;
            int own = at + Chunks.start(length, rank.rank(), p);
            rank.reduceScatter(array, at, array, own, length, ReduceOp.SUM);
          });
    }
    for (int rank = 0; rank < p; rank++) {
      for (int i = 0; i < length; i++) {
        boolean own = i >= Chunks.start(length, rank, p) && i < Chunks.start(length, rank + 1, p);
        assertThat(array[rank * length + i])
            .isEqualTo(own ? operands.combined(ReduceOp.SUM, i) : operands.element(rank, i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nanReachesTheRankWhoseChunkItIsIn(AlgorithmCase<ReduceScatter> test) {
    int p = test.ranks();
    int length = 8 * p;
    try (RankGroup group = test.open()) {
      for (ReduceOp op : ReduceOp.values()) {
        float[][] x = AlgorithmCase.random(p, length);
        float[][] out = new float[p][8];
        x[p / 2][length - 1] = Float.NaN;
        group.run(rank -> rank.reduceScatter(x[rank.rank()], 0, out[rank.rank()], 0, length, op));
        for (int rank = 0; rank < p; rank++) {
          assertThat(Float.isNaN(out[rank][7])).isEqualTo(rank == p - 1);
          assertThat(out[rank][6]).isNotNaN();
        }
      }
    }
  }

  /** 10 elements on 3 ranks: chunks of 3, 3 and 4. Ranks 0 and 1 fold. */
  @Test
  void trafficByHand() {
    assertThat(new DirectReduceScatter().traffic(3, 10))
        .isEqualTo(traffic(2, List.of(24L, 24L, 32L), 4 * 40));
    assertThat(new RingReduceScatter().traffic(3, 10))
        .isEqualTo(traffic(2, List.of(28L, 28L, 24L), 4 * 60));
    assertThat(new RecursiveHalvingReduceScatter().traffic(3, 10))
        .isEqualTo(traffic(3, List.of(40L, 28L, 24L), 4 * 80));
    assertThat(new RecursiveHalvingReduceScatter().traffic(8, 800).steps()).isEqualTo(3);
  }

  private static Traffic traffic(int steps, List<Long> sentBytes, long memoryBytes) {
    return new Traffic(steps, 40, sentBytes, memoryBytes, 2 / 3.0);
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (ReduceScatter algorithm : ALGORITHMS) {
      for (Traffic traffic : List.of(algorithm.traffic(1, 100), algorithm.traffic(4, 0))) {
        AlgorithmCase.assertStill(traffic);
      }
    }
  }

  @Test
  void onlyMessagesAreCopied() {
    assertThat(cases().filter(test -> test.transport() == Transport.COPYING))
        .extracting(test -> test.algorithm().parameter())
        .containsOnly("ring", "recursive_halving");
  }
}
