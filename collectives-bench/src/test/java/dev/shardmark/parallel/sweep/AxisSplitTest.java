package dev.shardmark.parallel.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Inputs;
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
    assertSplits(split, TensorSplit.none(setup), setup);
  }

  private static void assertSplits(
      Function<Integer, AxisSplit> split, AxisSplit together, LayerSetup setup) {
    Matrix whole = result(together, Transport.SHARED);
    for (Transport transport : List.of(Transport.SHARED, Transport.COPYING)) {
      for (int ranks : new int[] {1, 2, 4}) {
        Matrix parts = result(split.apply(ranks), transport);
        assertThat(Agreement.worst(setup.spec(), setup.step(), together.stages(), whole, parts))
            .as("%s ranks=%d %s", split.apply(ranks).scheme(), ranks, setup.step())
            .isBetween(0.0, 1.0);
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
      return trial.result();
    }
  }

  @Test
  void tensorAndSequence() {
    for (Step step : List.of(new Step(1, 16, 0), new Step(4, 1, 130))) {
      for (LayerSpec spec : List.of(DENSE, EXPERTS)) {
        LayerSetup setup = setup(spec, step, OptionalDouble.empty());
        assertSplits(ranks -> new TensorSplit(setup, ranks, false), setup);
        assertSplits(ranks -> new TensorSplit(setup, ranks, true), setup);
      }
    }
  }

  @Test
  void expertsAndData() {
    for (Step step : List.of(new Step(4, 5, 0), new Step(4, 1, 130))) {
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

  /** The same layers, of which each rank has some, and requests of several sequences. */
  @Test
  void pipeline() {
    for (Step step : List.of(new Step(1, 6, 0), new Step(2, 1, 5))) {
      for (LayerSpec spec : List.of(DENSE, EXPERTS)) {
        LayerSetup setup = setup(spec, step, OptionalDouble.empty());
        assertSplits(
            ranks -> new PipelineSplit(setup, ranks, 5, 3),
            new PipelineSplit(setup, 1, 5, 3),
            setup);
        for (int ranks : new int[] {1, 2, 4}) {
          PipelineSplit split = PipelineSplit.of(setup, ranks);
          assertThat(Inputs.bits(result(split, Transport.COPYING)))
              .isEqualTo(Inputs.bits(result(split.together(), Transport.SHARED)));
        }
      }
    }
  }

  @Test
  void requestsOfAPipelineEndOnItsLastRank() {
    LayerSetup setup = setup(DENSE, new Step(2, 3, 0), OptionalDouble.empty());
    PipelineSplit split = new PipelineSplit(setup, 2, 3, 8);
    assertThat(split.rows(0)).isEmpty();
    assertThat(split.rows(1)).hasSize(8 * 6);
    assertThat(split.busiest()).isEqualTo(1);
    assertThat(split.rankWeights(0) + split.rankWeights(1)).isEqualTo(3 * DENSE.weights());
    assertThat(split.duplicatedWeights(0)).isZero();
    assertThat(split.stages()).isEqualTo(2);
    assertThat(flop(split)).isEqualTo(flop(split.together()));
    Algorithms algorithms = Algorithms.of(Transport.SHARED);
    assertThat(split.sentBytes(algorithms, 0)).isEqualTo(8 * 6 * 24 * 4);
    assertThat(split.sentBytes(algorithms, 1)).isZero();
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
    splits.add(PipelineSplit.of(setup, 4));
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
    assertThatThrownBy(() -> new PipelineSplit(prompts, 4, 3, 8))
        .hasMessage("a pipeline must not be deeper than its layers: ranks=4 chunks=1 layers=3");
    assertThatThrownBy(() -> new PipelineSplit(prompts, 2, 2, 0))
        .hasMessageContaining("inFlight=0");
    LayerSetup experts = setup(EXPERTS, new Step(16, 6, 0), OptionalDouble.of(0));
    assertThatThrownBy(() -> new ExpertSplit(experts, 16)).hasMessageContaining("experts=8");
    LayerSetup decode = setup(DENSE, new Step(4, 1, 6), OptionalDouble.empty());
    assertThatThrownBy(() -> new ContextSplit(decode, 2, ContextScheme.RING))
        .hasMessageContaining("context=6");
  }
}
