package dev.shardmark.parallel.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.LayerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** All splits of one step end with what one rank alone ends with, for the bytes of the formula. */
class AxisSplitTest {
  private static final LayerSpec DENSE = LayerSpec.dense(24, 8, 4, 6, 24);
  private static final LayerSpec EXPERTS =
      LayerSpec.dense(24, 8, 4, 6, 16).withExperts(8, 2, 8, RoutingRule.topKThenSoftmax());
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private static LayerSetup setup(LayerSpec spec, Step step, OptionalDouble skew) {
    return new LayerSetup(spec, step, skew, Variant.VECTOR);
  }

  private static void assertSplits(Function<Integer, AxisSplit> split, LayerSetup setup) {
    Matrix whole = result(TensorSplit.none(setup), Transport.SHARED);
    for (Transport transport : List.of(Transport.SHARED, Transport.COPYING)) {
      for (int ranks : new int[] {1, 2, 4}) {
        Matrix parts = result(split.apply(ranks), transport);
        for (int i = 0; i < whole.rows(); i++) {
          for (int j = 0; j < whole.cols(); j++) {
            assertThat(parts.at(i, j))
                .as("%s ranks=%d row=%d", split.apply(ranks).scheme(), ranks, i)
                .isCloseTo(whole.at(i, j), org.assertj.core.data.Offset.offset(1e-4f));
          }
        }
      }
    }
  }

  /** Two steps, so that the second finds what the first has left. */
  private static Matrix result(AxisSplit split, Transport transport) {
    try (RankGroup group = RankGroup.open(split.ranks(), DEADLINE, transport)) {
      Trial trial = Trial.together(split, group);
      trial.once();
      Trial.Sample sample = trial.once();
      assertThat(sample.wallNs())
          .isGreaterThanOrEqualTo(
              sample.computeNs() + sample.communicationNs() + sample.waitingNs());
      for (int rank = 0; rank < split.ranks(); rank++) {
        assertThat(trial.sentBytes(rank))
            .as("%s rank=%d of %d", split.scheme(), rank, split.ranks())
            .isEqualTo(split.sentBytes(group.algorithms(), rank));
      }
      int rows =
          java.util.stream.IntStream.range(0, split.ranks())
              .map(rank -> java.util.Arrays.stream(split.rows(rank)).max().orElse(0) + 1)
              .max()
              .orElseThrow();
      return trial.result(rows, DENSE.hidden());
    }
  }

  @Test
  void tensorAndSequence() {
    for (Step step : List.of(new Step(1, 16, 0), new Step(4, 1, 5))) {
      for (LayerSpec spec : List.of(DENSE, EXPERTS)) {
        LayerSetup setup = setup(spec, step, OptionalDouble.empty());
        assertSplits(ranks -> new TensorSplit(setup, ranks, false), setup);
        assertSplits(ranks -> new TensorSplit(setup, ranks, true), setup);
      }
    }
  }

  @Test
  void expertsAndData() {
    for (Step step : List.of(new Step(4, 5, 0), new Step(4, 1, 5))) {
      for (double skew : new double[] {0, 1.5}) {
        LayerSetup setup = setup(EXPERTS, step, OptionalDouble.of(skew));
        assertSplits(ranks -> new ExpertSplit(setup, ranks), setup);
        assertSplits(ranks -> new DataSplit(setup, ranks), setup);
      }
      LayerSetup dense = setup(DENSE, step, OptionalDouble.empty());
      assertSplits(ranks -> new DataSplit(dense, ranks), dense);
    }
  }

  @Test
  void context() {
    for (LayerSpec spec : List.of(DENSE, EXPERTS)) {
      LayerSetup setup = setup(spec, new Step(2, 16, 0), OptionalDouble.empty());
      for (ContextScheme scheme : ContextScheme.values()) {
        assertSplits(ranks -> new ContextSplit(setup, ranks, scheme), setup);
      }
    }
  }

  @Test
  void workOfAllRanksIsThatOfTheWholeLayerAndWhatTheyRepeat() {
    LayerSetup setup = setup(DENSE, new Step(4, 16, 0), OptionalDouble.empty());
    long whole = TensorSplit.none(setup).work(0).flop();
    long norms = new ShardWork(DENSE).norms(64).flop();
    assertThat(flop(new TensorSplit(setup, 4, false))).isEqualTo(whole + 3 * norms);
    assertThat(flop(new TensorSplit(setup, 4, true))).isEqualTo(whole);
    assertThat(flop(new DataSplit(setup, 4))).isEqualTo(whole);
    for (ContextScheme scheme : ContextScheme.values()) {
      assertThat(flop(new ContextSplit(setup, 4, scheme))).as(scheme.name()).isEqualTo(whole);
    }
    LayerSetup experts = setup(EXPERTS, new Step(4, 16, 0), OptionalDouble.of(0));
    assertThat(flop(new ExpertSplit(experts, 4)))
        .isEqualTo(TensorSplit.none(experts).work(0).flop());
  }

  private static long flop(AxisSplit split) {
    long flop = 0;
    for (int rank = 0; rank < split.ranks(); rank++) {
      flop += split.work(rank).flop();
    }
    return flop;
  }

  @Test
  void aRankAloneComputesWhatItDoesAmongOthers() {
    LayerSetup setup = setup(EXPERTS, new Step(4, 6, 0), OptionalDouble.of(0));
    List<AxisSplit> splits = new ArrayList<>();
    splits.add(new TensorSplit(setup, 4, false));
    splits.add(new TensorSplit(setup, 4, true));
    splits.add(new ExpertSplit(setup, 4));
    splits.add(new DataSplit(setup, 4));
    for (AxisSplit split : splits) {
      Trial alone = Trial.alone(split);
      alone.once();
      assertThat(alone.once().computeNs()).as(split.scheme()).isPositive();
    }
  }

  @Test
  void illegalPlansAreRefusedByName() {
    LayerSetup prompts = setup(DENSE, new Step(3, 6, 0), OptionalDouble.empty());
    assertThatThrownBy(() -> new TensorSplit(prompts, 3, false)).hasMessageContaining("tensor=3");
    assertThatThrownBy(() -> new TensorSplit(prompts, 4, true)).hasMessageContaining("tokens=18");
    assertThatThrownBy(() -> new ExpertSplit(prompts, 2)).hasMessageContaining("expert=2");
    assertThatThrownBy(() -> new DataSplit(prompts, 2)).hasMessageContaining("sequences=3");
    assertThatThrownBy(() -> new ContextSplit(prompts, 2, ContextScheme.ZIGZAG))
        .hasMessageContaining("tokens=6");
    LayerSetup experts = setup(EXPERTS, new Step(16, 6, 0), OptionalDouble.of(0));
    assertThatThrownBy(() -> new ExpertSplit(experts, 16)).hasMessageContaining("experts=8");
    LayerSetup decode = setup(DENSE, new Step(4, 1, 6), OptionalDouble.empty());
    assertThatThrownBy(() -> new ContextSplit(decode, 2, ContextScheme.RING))
        .hasMessageContaining("context=6");
  }
}
