package dev.shardmark.collectives.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.AlgorithmCase;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.Transport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BroadcastTest {
  private static final List<Broadcast> ALGORITHMS =
      List.of(
          new DirectBroadcast(),
          new BinomialBroadcast(),
          new PipelinedChainBroadcast(1),
          new PipelinedChainBroadcast(5),
          new ScatterAllGatherBroadcast());

  static Stream<AlgorithmCase<Broadcast>> cases() {
    return AlgorithmCase.of(ALGORITHMS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRankGetsTheRootsVectorAndNothingElseChanges(AlgorithmCase<Broadcast> test) {
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        for (int root : test.roots()) {
          BroadcastCheck.verify(group, length, root);
          BroadcastCheck.verify(group, length, root);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countedBytesAreTheFormula(AlgorithmCase<Broadcast> test) {
    int p = test.ranks();
    float[][] buffers = new float[p][5000];
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        for (int root : test.roots()) {
          Traffic traffic = test.algorithm().traffic(p, length, root);
          AlgorithmCase.assertSent(
              group, traffic, rank -> rank.broadcast(buffers[rank.rank()], 3, length, root));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buffersMayBeWrittenOnceACallReturns(AlgorithmCase<Broadcast> test) {
    int p = test.ranks();
    KnownOperands operands = new KnownOperands(p);
    test.rounds(
        (rank, round, length) -> {
          float[] buffer = new float[length];
          int root = round % p;
          Arrays.fill(buffer, Float.NaN);
          for (int i = 0; rank.rank() == root && i < length; i++) {
            buffer[i] = operands.element(root, i + round);
          }
          rank.broadcast(buffer, 0, length, root);
          float[] result = Arrays.copyOf(buffer, length);
          Arrays.fill(buffer, Float.NaN);
          float[] expected = new float[length];
          for (int i = 0; i < length; i++) {
            expected[i] = operands.element(root, i + round);
          }
          assertThat(result).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ranksMayHoldSlicesOfOneArray(AlgorithmCase<Broadcast> test) {
    int p = test.ranks();
    float[] array = new float[5 * p];
    for (int i = 0; i < 5; i++) {
      array[5 * (p - 1) + i] = i + 1;
    }
    try (RankGroup group = test.open()) {
      group.run(rank -> rank.broadcast(array, 5 * rank.rank(), 5, p - 1));
    }
    for (int at = 0; at < array.length; at++) {
      assertThat(array[at]).isEqualTo(at % 5 + 1);
    }
  }

  /** 10 elements on 5 ranks, chunks of 2; from the root, numbers 1, 2 and 4 are its children. */
  @Test
  void trafficByHand() {
    assertThat(new DirectBroadcast().traffic(5, 10, 3))
        .isEqualTo(traffic(2, List.of(40L, 40L, 40L, 0L, 40L)));
    assertThat(new BinomialBroadcast().traffic(5, 10, 3))
        .isEqualTo(traffic(3, List.of(40L, 0L, 0L, 120L, 0L)));
    assertThat(new PipelinedChainBroadcast(4).traffic(5, 10, 3))
        .isEqualTo(traffic(7, List.of(40L, 40L, 0L, 40L, 40L)));
    assertThat(new PipelinedChainBroadcast(99).traffic(5, 10, 3).steps()).isEqualTo(13);
    // after the scatter, numbers hold 5, 1, 2, 1 and 1 chunks
    assertThat(new ScatterAllGatherBroadcast().traffic(5, 10, 3))
        .isEqualTo(traffic(7, List.of(8L + 32, 32L, 0L, 32L + 32, 24L)));
  }

  private static Traffic traffic(int steps, List<Long> sentBytes) {
    return new Traffic(steps, 40, sentBytes, 2 * 4 * 40, 1);
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (Broadcast algorithm : ALGORITHMS) {
      for (Traffic traffic : List.of(algorithm.traffic(1, 100, 0), algorithm.traffic(4, 0, 3))) {
        AlgorithmCase.assertStill(traffic);
      }
    }
  }

  @Test
  void onlyMessagesAreCopied() {
    assertThat(cases().filter(test -> test.transport() == Transport.COPYING))
        .extracting(test -> test.algorithm().parameter())
        .containsOnly("binomial", "pipelined_chain(1)", "pipelined_chain(5)", "scatter_all_gather");
  }

  @Test
  void aChainHasASegment() {
    assertThatThrownBy(() -> new PipelinedChainBroadcast(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a chain must have a segment: segments=0");
  }
}
