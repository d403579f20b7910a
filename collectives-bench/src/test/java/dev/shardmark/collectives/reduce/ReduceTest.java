package dev.shardmark.collectives.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.AlgorithmCase;
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

class ReduceTest {
  private static final List<Reduce> ALGORITHMS = List.of(new DirectReduce(), new BinomialReduce());

  static Stream<AlgorithmCase<Reduce>> cases() {
    return AlgorithmCase.of(ALGORITHMS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theRootGetsTheResultAndNothingElseChanges(AlgorithmCase<Reduce> test) {
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        for (int root : test.roots()) {
          for (ReduceOp op : ReduceOp.values()) {
            ReduceCheck.verify(group, length, op, root);
          }
          ReduceCheck.verify(group, length, ReduceOp.SUM, root);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countedBytesAreTheFormula(AlgorithmCase<Reduce> test) {
    int p = test.ranks();
    float[][] buffers = new float[p][5000];
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        for (int root : test.roots()) {
          Traffic traffic = test.algorithm().traffic(p, length, root);
          AlgorithmCase.assertSent(
              group,
              traffic,
              rank -> rank.reduce(buffers[rank.rank()], 3, length, ReduceOp.SUM, root));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buffersMayBeWrittenOnceACallReturns(AlgorithmCase<Reduce> test) {
    int p = test.ranks();
    KnownOperands operands = new KnownOperands(p);
    test.rounds(
        (rank, round, length) -> {
          float[] buffer = new float[length];
          int root = round % p;
          for (int i = 0; i < length; i++) {
            buffer[i] = operands.element(rank.rank(), i + round);
          }
          rank.reduce(buffer, 0, length, ReduceOp.SUM, root);
          float[] result = Arrays.copyOf(buffer, length);
          Arrays.fill(buffer, Float.NaN);
          float[] expected = new float[length];
          for (int i = 0; i < length; i++) {
            expected[i] =
                rank.rank() == root
                    ? operands.combined(ReduceOp.SUM, i + round)
                    : operands.element(rank.rank(), i + round);
          }
          assertThat(result).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void elementsAreAddedInTheDocumentedOrder(AlgorithmCase<Reduce> test) {
    int p = test.ranks();
    int length = 10_007;
    float[][] x = AlgorithmCase.random(p, length);
    try (RankGroup group = test.open()) {
      for (int root : test.roots()) {
        float[] buffer = x[root].clone();
        group.run(
            rank -> {
              float[] mine = rank.rank() == root ? buffer : x[rank.rank()];
              rank.reduce(mine, 0, length, ReduceOp.SUM, root);
            });
        float[] expected = new float[length];
        for (int i = 0; i < length; i++) {
          expected[i] =
              test.algorithm() instanceof BinomialReduce
                  ? treeSum(x, i, root, 0, p)
                  : rankSum(x, i);
        }
        assertThat(buffer).as("root %d", root).isEqualTo(expected);
      }
    }
  }

  private static float rankSum(float[][] x, int i) {
    float sum = x[0][i];
    for (int rank = 1; rank < x.length; rank++) {
      sum += x[rank][i];
    }
    return sum;
  }

  /** Of the subtree of a number, whose children are nearer than {@code reach}. */
  private static float treeSum(float[][] x, int i, int root, int number, int reach) {
    float sum = x[(root + number) % x.length][i];
    for (int distance = 1; distance < reach && number + distance < x.length; distance *= 2) {
      sum += treeSum(x, i, root, number + distance, distance);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void nanReachesTheRootAlone(AlgorithmCase<Reduce> test) {
    int p = test.ranks();
    try (RankGroup group = test.open()) {
      for (ReduceOp op : ReduceOp.values()) {
        float[][] x = AlgorithmCase.random(p, 67);
        x[p - 1][66] = Float.NaN;
        group.run(rank -> rank.reduce(x[rank.rank()], 0, 67, op, 0));
        assertThat(x[0][66]).isNaN();
        assertThat(x[0][65]).isNotNaN();
        for (int rank = 1; rank < p - 1; rank++) {
          assertThat(x[rank][66]).isNotNaN();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ranksMayHoldSlicesOfOneArray(AlgorithmCase<Reduce> test) {
    int p = test.ranks();
    float[] array = new float[5 * p];
    Arrays.fill(array, 1);
    try (RankGroup group = test.open()) {
      group.run(rank -> rank.reduce(array, 5 * rank.rank(), 5, ReduceOp.SUM, p - 1));
    }
    for (int at = 0; at < array.length; at++) {
      assertThat(array[at]).isEqualTo(at < 5 * (p - 1) ? 1 : p);
    }
  }

  /** 10 elements on 3 ranks: chunks of 3, 3 and 4. */
  @Test
  void trafficByHand() {
    assertThat(new DirectReduce().traffic(3, 10, 1))
        .isEqualTo(traffic(2, List.of(36L, 24L, 48L), 4 * 40));
    assertThat(new BinomialReduce().traffic(3, 10, 1))
        .isEqualTo(traffic(2, List.of(40L, 0L, 40L), 4 * 60));
    assertThat(new BinomialReduce().traffic(9, 10, 1).steps()).isEqualTo(4);
  }

  private static Traffic traffic(int steps, List<Long> sentBytes, long memoryBytes) {
    return new Traffic(steps, 40, sentBytes, memoryBytes, 1);
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (Reduce algorithm : ALGORITHMS) {
      for (Traffic traffic : List.of(algorithm.traffic(1, 100, 0), algorithm.traffic(4, 0, 3))) {
        AlgorithmCase.assertStill(traffic);
      }
    }
  }

  @Test
  void onlyMessagesAreCopied() {
    assertThat(cases().filter(test -> test.transport() == Transport.COPYING))
        .extracting(test -> test.algorithm().parameter())
        .containsOnly("binomial");
  }
}
