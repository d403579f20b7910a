package dev.shardmark.parallel.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.context.Placement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers of every plan against the oracle, and their bytes against the formulas of their axes. */
@Timeout(240)
class GridLayersTest {
  static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;

  /** Two on every axis; replicas are two for attention, each of two for experts. */
  private static final ShardPlan FIVE_AXES =
      ONE.withTensor(2).withContext(2).withPipeline(2).withData(4).withExpert(2);

  static Stream<Arguments> groups() {
    return Stream.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport.parameter(), transport)));
  }

  @ParameterizedTest(name = "{0} ranks, {1}")
  @MethodSource("groups")
  void everyPlanIsWithinTheBoundAndSendsWhatTheFormulaSays(
      int ranks, String carrier, Transport transport) {
    Variant variant = transport == Transport.SHARED ? Variant.SCALAR : Variant.VECTOR;
    try (RankGroup group = RankGroup.open(ranks, DEADLINE, transport)) {
      for (ShardPlan plan : Plans.of(ranks)) {
        if (plan.expert() == 1) {
          assertThat(fault(group, variant, Plans.dense(plan))).isNull();
        }
        assertThat(fault(group, variant, Plans.experts(plan))).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fiveAxesOfTwoOnThirtyTwoRanks(boolean sequence) {
    ShardPlan plan = sequence ? FIVE_AXES.withSequence() : FIVE_AXES;
    assertThat(plan.ranks()).isEqualTo(32);
    for (Transport transport : List.of(Transport.SHARED, Transport.COPYING)) {
      try (RankGroup group = RankGroup.open(32, DEADLINE, transport)) {
        assertThat(fault(group, Variant.VECTOR, Plans.experts(plan))).isNull();
        ShardPlan dense = plan.withExpert(1);
        assertThat(fault(group, Variant.VECTOR, Plans.layers(Plans.DENSE, dense, 2))).isNull();
      }
    }
  }

  /** Tensor 2 x context 2 for attention, and the same 8 ranks and more for experts. */
  @Test
  void expertsMayHaveAnotherGridThanAttention() {
    ShardPlan attention = ONE.withTensor(2).withContext(2).withData(2);
    for (int experts : new int[] {1, 2, 4, 8}) {
      GridLayers folded = Plans.layers(Plans.EXPERTS, attention.withExpert(experts), 2);
      try (RankGroup group = RankGroup.open(8, DEADLINE, Transport.COPYING)) {
        assertThat(fault(group, Variant.VECTOR, folded)).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("otherPlacements")
  void tokensMayBePlacedOtherwise(Placement placement) {
    ShardPlan plan = ONE.withTensor(2).withContext(2);
    GridLayers layers = new GridLayers(Plans.EXPERTS, 1, 2, 7, placement, new Grid(plan));
    try (RankGroup group = RankGroup.open(4, DEADLINE)) {
      assertThat(fault(group, Variant.SCALAR, layers)).isNull();
    }
  }

  static Stream<Placement> otherPlacements() {
    return Stream.of(Placement.CONTIGUOUS, Placement.STRIPED);
  }

  private static String fault(RankGroup group, Variant variant, GridLayers layers) {
    return GridTrial.fault(layers, trial -> trial.fault(group, variant, trial::groups));
  }

  /** In each stage, once if tensor ranks split tokens, and otherwise by each of them. */
  @Test
  void everyTokenIsKept() {
    for (int ranks : new int[] {1, 2, 3, 4, 8}) {
      for (ShardPlan plan : Plans.of(ranks)) {
        GridLayers layers = Plans.dense(plan.withExpert(1));
        int[] kept = new int[layers.sequences() * layers.tokens()];
        IntStream.range(0, plan.stageRanks())
            .flatMap(rank -> Arrays.stream(layers.kept(rank)))
            .forEach(row -> kept[row]++);
        assertThat(kept).containsOnly(plan.sequence() ? 1 : plan.tensor());
      }
    }
  }

  @Test
  void stagesHaveLayersInRuns() {
    GridLayers layers = Plans.layers(Plans.DENSE, ONE.withTensor(2).withPipeline(3), 2);
    assertThat(IntStream.range(0, 6).map(layers::firstLayer)).containsExactly(0, 0, 2, 2, 4, 4);
  }

  @Test
  void illegalGridsAreRefusedByName() {
    refused(Plans.DENSE, ONE.withTensor(3), "tensor degree must divide", "tensor=3", "heads=8");
    refused(LayerSpec.dense(16, 8, 4, 4, 15), ONE.withTensor(2), "tensor=2", "15");
    refused(Plans.DENSE, ONE.withData(2).withExpert(2), "without experts", "expert=2");
    LayerSpec odd =
        LayerSpec.dense(16, 8, 4, 4, 15).withExperts(4, 2, 0, RoutingRule.topKThenSoftmax());
    refused(odd, ONE.withTensor(2), "tensor=2", "15");
    refused(Plans.EXPERTS, ONE.withData(16).withExpert(16), "experts", "experts=8");
    refused(Plans.DENSE, ONE.withPipeline(3), "pipeline degree must divide the layers: pipeline=3");
    refused(Plans.DENSE, ONE.withPipeline(4), "pipeline=4 layers=2");
    refused(Plans.DENSE, ONE.withData(3), "data degree must divide the sequences: data=3");
    refused(Plans.DENSE, ONE.withContext(4), "not odd chunks: tokens=12 ranks=4");
    refused(Plans.DENSE, ONE.withTensor(8).withSequence().withData(16), "tensor=8 tokens=12");
    assertThatThrownBy(() -> new Grid(ONE.withTensor(2).withPipeline(2).withExpert(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expert degree must divide the ranks of a pipeline stage: expert=4 ranks=2");
  }

  private static void refused(LayerSpec spec, ShardPlan plan, String... parts) {
    int sequences = plan.data() == 3 ? 4 : 16;
    Grid grid = new Grid(plan);
    assertThatThrownBy(() -> new GridLayers(spec, 2, sequences, 12, Placement.ZIGZAG, grid))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }
}
