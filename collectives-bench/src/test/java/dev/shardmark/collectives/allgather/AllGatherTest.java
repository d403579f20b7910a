package dev.shardmark.collectives.allgather;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.AlgorithmCase;
import dev.shardmark.collectives.Chunks;
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

class AllGatherTest {
  private static final List<AllGather> ALGORITHMS =
      List.of(
          new DirectAllGather(),
          new EagerAllGather(),
          new RingAllGather(),
          new RecursiveDoublingAllGather(),
          new BruckAllGather());

  static Stream<AlgorithmCase<AllGather>> cases() {
    return AlgorithmCase.of(ALGORITHMS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRankGetsAllChunksAndNothingElseChanges(AlgorithmCase<AllGather> test) {
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        AllGatherCheck.verify(group, length);
        AllGatherCheck.verify(group, length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countedBytesAreTheFormula(AlgorithmCase<AllGather> test) {
    int p = test.ranks();
    float[][] in = new float[p][5000];
    float[][] out = new float[p][5000];
    try (RankGroup group = test.open()) {
      for (int length : test.lengths()) {
        Traffic traffic = test.algorithm().traffic(p, length);
        AlgorithmCase.assertSent(
            group,
            traffic,
            rank -> rank.allGather(in[rank.rank()], 3, out[rank.rank()], 5, length));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void buffersMayBeWrittenOnceACallReturns(AlgorithmCase<AllGather> test) {
    int p = test.ranks();
    KnownOperands operands = new KnownOperands(p);
    test.rounds(
        (rank, round, length) -> {
          int r = rank.rank();
          int start = Chunks.start(length, r, p);
          float[] out = new float[length];
          float[] in = round % 2 == 0 ? out : new float[Chunks.length(length, r, p)];
          int inAt = round % 2 == 0 ? start : 0;
          for (int i = start; i < Chunks.start(length, r + 1, p); i++) {
            in[inAt + i - start] = operands.element(r, i + round);
          }
          rank.allGather(in, inAt, out, 0, length);
          float[] result = out.clone();
          Arrays.fill(in, Float.NaN);
          Arrays.fill(out, Float.NaN);
          float[] expected = new float[length];
          for (int owner = 0; owner < p; owner++) {
            int end = Chunks.start(length, owner + 1, p);
            for (int i = Chunks.start(length, owner, p); i < end; i++) {
              expected[i] = operands.element(owner, i + round);
            }
          }
          assertThat(result).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ranksMayHoldSlicesOfOneArray(AlgorithmCase<AllGather> test) {
    int p = test.ranks();
    int length = 2 * p + 1;
    float[] array = new float[p * length];
    float[] chunks = new float[length];
    Arrays.fill(array, Float.NaN);
    for (int i = 0; i < length; i++) {
      chunks[i] = i;
    }
    try (RankGroup group = test.open()) {
      group.run(
          rank -> {
            int start = Chunks.start(length, rank.rank(), p);
            rank.allGather(chunks, start, array, rank.rank() * length, length);
          });
    }
    for (int at = 0; at < array.length; at++) {
      assertThat(array[at]).isEqualTo(at % length);
    }
  }

  /** 10 elements on 3 ranks: chunks of 3, 3 and 4. Ranks 0 and 1 fold. */
  @Test
  void trafficByHand() {
    assertThat(new DirectAllGather().traffic(3, 10))
        .isEqualTo(traffic(2, List.of(24L, 24L, 32L), 4 * 40));
    assertThat(new EagerAllGather().traffic(3, 10))
        .isEqualTo(traffic(1, List.of(28L, 28L, 24L), 4 * 80));
    assertThat(new RingAllGather().traffic(3, 10))
        .isEqualTo(traffic(2, List.of(28L, 24L, 28L), 4 * 60));
    assertThat(new RecursiveDoublingAllGather().traffic(3, 10))
        .isEqualTo(traffic(3, List.of(12L, 64L, 16L), 4 * 60));
    assertThat(new BruckAllGather().traffic(3, 10))
        .isEqualTo(traffic(2, List.of(24L, 24L, 32L), 4 * 120));
    assertThat(new RecursiveDoublingAllGather().traffic(8, 800).steps()).isEqualTo(3);
    assertThat(new BruckAllGather().traffic(5, 500).sentBytes()).containsOnly(4 * 400L);
  }

  private static Traffic traffic(int steps, List<Long> sentBytes, long memoryBytes) {
    return new Traffic(steps, 40, sentBytes, memoryBytes, 2 / 3.0);
  }

  @Test
  void nothingMovesForOneRankOrNoElement() {
    for (AllGather algorithm : ALGORITHMS) {
      for (Traffic traffic : List.of(algorithm.traffic(1, 100), algorithm.traffic(4, 0))) {
        AlgorithmCase.assertStill(traffic);
      }
    }
  }

  @Test
  void onlyMessagesAreCopied() {
    assertThat(cases().filter(test -> test.transport() == Transport.COPYING))
        .extracting(test -> test.algorithm().parameter())
        .containsOnly("ring", "recursive_doubling", "bruck");
  }
}
