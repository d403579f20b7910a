package dev.shardmark.collectives.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.alltoall.HierarchicalAllToAll;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.tuning.Thresholds.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class AutoTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final long STEP = 256;

  /** Every algorithm in turn, each for the sizes of one step. */
  private static Thresholds all(Operation operation, Transport transport, int ranks) {
    List<Step> steps = new ArrayList<>();
    for (Algorithm algorithm : AlgorithmNames.of(operation, transport)) {
      steps.add(new Step(STEP * steps.size(), algorithm.parameter()));
    }
    return new Thresholds(operation, transport.parameter(), ranks, steps);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"ALL_REDUCE", "REDUCE", "REDUCE_SCATTER", "ALL_GATHER", "BROADCAST", "ALL_TO_ALL"})
  void isRightAtEverySizeAndMovesWhatTheChosenMoves(Operation operation) {
    Exercise exercise = Exercises.of(operation, ReduceOp.SUM, 0);
    for (Transport transport : List.of(Transport.SHARED, Transport.COPYING)) {
      Thresholds thresholds = all(operation, transport, 3);
      Algorithm chooses = thresholds.auto();
      Algorithms auto = Algorithms.of(transport).with(chooses);
      assertThat(chooses.parameter()).isEqualTo("auto");
      assertThat(chooses.needsSharedMemory()).isEqualTo(!transport.copies());
      try (RankGroup group = RankGroup.open(3, DEADLINE, transport, auto)) {
        long last = STEP * (thresholds.steps().size() + 1);
        for (long bytes : LongStream.iterate(48, b -> b <= last, b -> b + STEP / 2).toArray()) {
          int count = exercise.count(bytes, 3);
          exercise.verify(group, count);
          String name = thresholds.algorithm((long) Float.BYTES * count);
          Algorithm chosen = AlgorithmNames.of(operation, name);
          assertThat(exercise.traffic(auto, 3, count))
              .isEqualTo(exercise.traffic(Algorithms.of(transport).with(chosen), 3, count));
          assertThat(chooses.combined(3, count)).isEqualTo(chosen.combined(3, count));
          assertThat(sent(group, exercise, count))
              .isEqualTo(exercise.traffic(auto, 3, count).sentBytes());
        }
      }
    }
  }

  private static List<Long> sent(RankGroup group, Exercise exercise, int count) {
    Long[] sent = new Long[group.size()];
    group.run(
        rank -> {
          int length = Math.max(exercise.inLength(count, 3), exercise.outLength(count, 3));
          float[] in = new float[length + 64];
          float[] out = new float[length + 64];
          long before = rank.sentBytes();
          if (exercise.isInPlace()) {
            exercise.callInPlace(rank, in, count);
          } else {
            exercise.call(rank, in, out, count);
          }
          sent[rank.rank()] = rank.sentBytes() - before;
        });
    return List.of(sent);
  }

  /** Each rank knows its own lengths only: all must choose one algorithm all the same. */
  @Test
  void ranksWithUnequalLengthsChooseTheSame() {
    Thresholds thresholds = all(Operation.ALL_TO_ALL, Transport.SHARED, 2);
    Algorithms auto = Algorithms.of(Transport.SHARED).with(thresholds.auto());
    float[][] out = new float[2][2000];
    try (RankGroup group = RankGroup.open(2, DEADLINE, Transport.SHARED, auto)) {
      group.run(rank -> exchange(rank, out));
    }
    assertThat(out[0]).contains(1).doesNotContain(2);
    assertThat(out[1][1]).isEqualTo(1);
    assertThat(auto.allToAll().traffic(new int[][] {{1, 1}, {1000, 1}}))
        .isEqualTo(new HierarchicalAllToAll(2).traffic(new int[][] {{1, 1}, {1000, 1}}));
  }

  /** Rank 0 sends 1 to each, rank 1 sends 1000 to rank 0 and 1 to itself. */
  private static void exchange(Rank rank, float[][] out) {
    boolean first = rank.rank() == 0;
    int[] sent = first ? new int[] {1, 1} : new int[] {1000, 1};
    int[] received = first ? new int[] {1, 1000} : new int[] {1, 1};
    float[] in = new float[1001];
    Arrays.fill(in, 1);
    rank.allToAllV(in, 0, sent, out[rank.rank()], 0, received);
  }

  @Test
  void aTunerTriesAllThatTheTransportCarries() {
    Exercise exercise = Exercises.of(Operation.ALL_REDUCE, ReduceOp.SUM, 0);
    Tuner tuner = new Tuner(Transport.COPYING, false, new Effort(0, 1, 1, 1));
    Thresholds thresholds = tuner.thresholds(exercise, 2, List.of(4L, 1024L));
    assertThat(thresholds.transport()).isEqualTo("copying");
    assertThat(thresholds.steps().getFirst().fromBytes()).isEqualTo(4);
    assertThat(AlgorithmNames.of(Operation.ALL_REDUCE, Transport.COPYING))
        .extracting(Algorithm::parameter)
        .doesNotContain("direct")
        .containsAll(thresholds.steps().stream().map(Step::algorithm).toList());
  }

  @Test
  void sizesMustAscend() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BySize<>(
                    List.of(4L, 4L), AlgorithmNames.of(Operation.ALL_REDUCE).subList(0, 2)))
        .withMessageStartingWith("sizes must ascend");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BySize<Algorithm>(List.of(), List.of()))
        .withMessageStartingWith("sizes must ascend");
  }
}
