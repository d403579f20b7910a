package dev.shardmark.collectives.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.collectives.allreduce.ReferenceAllReduce;
import dev.shardmark.collectives.allreduce.RingAllReduce;
import dev.shardmark.collectives.allreduce.SegmentedRingAllReduce;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.collectives.alltoall.Blocks;
import dev.shardmark.collectives.alltoall.HierarchicalAllToAll;
import dev.shardmark.collectives.alltoall.PairwiseAllToAll;
import dev.shardmark.collectives.barrier.Barrier;
import dev.shardmark.collectives.broadcast.PipelinedChainBroadcast;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dsoak.seconds=3600 -Dsoak.seed=...} for an hour of another seed. */
class SoakTest {
  private static final List<Algorithm> ALGORITHMS =
      Stream.concat(
              Stream.of(Operation.values()).flatMap(op -> AlgorithmNames.of(op).stream()),
              Stream.of(
                  new ReferenceAllReduce(),
                  new SegmentedRingAllReduce(7),
                  new PipelinedChainBroadcast(3),
                  new HierarchicalAllToAll(4)))
          .toList();

  @Test
  void everyResultIsRight(TestReporter reporter) {
    Duration time = Duration.ofSeconds(Long.getLong("soak.seconds", 10));
    Soak.Report report = new Soak(ALGORITHMS, Long.getLong("soak.seed", 1)).run(time);
    assertThat(report.operations()).isGreaterThanOrEqualTo(report.rounds());
    reporter.publishEntry(report.toString());
  }

  @Test
  void aRoundFollowsFromSeedAndNumber() {
    Soak soak = new Soak(ALGORITHMS, 5);
    for (int round = 0; round < 10; round++) { // one throws, one stalls
      assertThat(soak.round(round)).isEqualTo(new Soak(ALGORITHMS, 5).round(round)).isPositive();
    }
  }

  @Test
  void aReportIsOneLine() {
    assertThat(new Soak.Report(7, 10, 200, 3))
        .hasToString("200 operations in 10 rounds, 3 of them with a fault: seed=7");
  }

  static Stream<Algorithm> wrong() {
    return Stream.of(
        new LastOfManyMissing(), new BlocksOfNobody(), new SendsTwice(), new NoBarrier());
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aWrongAlgorithmIsFoundAndItsRoundRepeatsIt(Algorithm algorithm) {
    Soak soak = new Soak(List.of(algorithm), 3);
    IllegalStateException failure =
        catchThrowableOfType(IllegalStateException.class, () -> soak.run(Duration.ofSeconds(30)));
    assertThat(failure)
        .hasMessageContainingAll(
            "soak failed: seed=3 round=",
            " ranks=",
            " transport=",
            algorithm.getClass().getSimpleName(),
            "operation=",
            " is wrong");
    if (algorithm instanceof NoBarrier) {
      return; // depends on the threads
    }
    Matcher round = Pattern.compile("round=(\\d+)").matcher(failure.getMessage());
    assertThat(round.find()).isTrue();
    assertThatThrownBy(() -> soak.round(Integer.parseInt(round.group(1))))
        .hasMessageContaining(round.group());
  }

  private static final class LastOfManyMissing implements AllReduce {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
      new RingAllReduce().run(rank, buffer, offset, Math.max(1, length - length / 4096), op);
    }

    @Override
    public Traffic traffic(int ranks, int length) {
      return new RingAllReduce().traffic(ranks, length);
    }
  }

  /** What comes out is right. */
  private static final class SendsTwice implements AllReduce {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
      new RingAllReduce().run(rank, buffer, offset, length, op);
      new RingAllReduce().run(rank, buffer, offset, length, ReduceOp.MAX);
    }

    @Override
    public Traffic traffic(int ranks, int length) {
      return new RingAllReduce().traffic(ranks, length);
    }
  }

  private static final class BlocksOfNobody implements AllToAll {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public void run(Rank rank, Blocks in, Blocks out) {
      new PairwiseAllToAll().run(rank, in, out);
      if (rank.size() > 8 && out.length(8) > 1) {
        out.data().copy(out.at(8), out.data(), out.at(8) + 1, 1);
      }
    }

    @Override
    public Traffic traffic(int[][] lengths) {
      return new PairwiseAllToAll().traffic(lengths);
    }
  }

  private static final class NoBarrier implements Barrier {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public void run(Rank rank) {}
  }
}
