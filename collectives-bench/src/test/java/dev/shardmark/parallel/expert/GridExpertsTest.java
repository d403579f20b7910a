package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.allreduce.AllReduce;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.TokenExchange;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Experts beside the tensor, context, pipeline and data axes. */
@Timeout(120)
class GridExpertsTest {
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;
  private static final ShardPlan TED = ONE.withTensor(2).withData(2);

  static Stream<ShardPlan> plans() {
    return Stream.of(
        ONE.withTensor(2).withExpert(2),
        ONE.withData(4).withExpert(2),
        TED.withExpert(4),
        TED.withExpert(2),
        TED.withExpert(1),
        TED.withSequence().withExpert(4),
        ONE.withTensor(3).withExpert(3),
        ONE.withTensor(2).withContext(2).withExpert(4),
        TED.withContext(2).withExpert(8),
        TED.withContext(2).withExpert(4),
        TED.withPipeline(2).withExpert(4));
  }

  private enum Carrier {
    SHARED(Transport.SHARED),
    COPYING(Transport.COPYING);

    private final Transport transport;

    Carrier(Transport transport) {
      this.transport = transport;
    }

    RankGroup open(int ranks) {
      return RankGroup.open(ranks, Duration.ofSeconds(30), transport);
    }
  }

  private static MoeCase moe(ShardPlan plan, Variant variant, int each) {
    int[] tokens = new int[GridMoe.parts(plan)];
    Arrays.setAll(tokens, part -> each + part % 2);
    int experts = plan.expert() == 3 ? 6 : 8;
    return MoeCase.of(experts, 2, 8, RoutingRule.topKThenSoftmax(), variant, tokens);
  }

  @ParameterizedTest
  @MethodSource("plans")
  void everyRankGetsWhatAnUnshardedLayerAdds(ShardPlan plan) {
    for (Carrier carrier : Carrier.values()) {
      try (RankGroup group = carrier.open(plan.ranks())) {
        for (boolean drops : new boolean[] {false, true}) {
          if (!drops || !plan.sequence()) {
            GridMoe grid = new GridMoe(moe(plan, Variant.SCALAR, 5), new Grid(plan), drops);
            assertThat(grid.check().fault(group, grid)).as("drops=%s", drops).isNull();
          }
        }
      }
    }
  }

  /** Experts that are held once see the same rows in the same order, by any kernel. */
  @Test
  void foldedExpertsGiveTheBitsOfTheUnshardedLayer() {
    ShardPlan plan = TED.withContext(2).withExpert(8);
    GridMoe grid = new GridMoe(moe(plan, Variant.VECTOR, 11), new Grid(plan), true);
    try (RankGroup group = Carrier.COPYING.open(8)) {
      assertThat(grid.check().fault(group, grid)).isNull();
    }
  }

  @Test
  void withoutDroppingExpertsGetEveryTokenAsOftenAsThereAreTensorRanks() {
    for (ShardPlan plan : List.of(TED.withExpert(4), ONE.withTensor(4).withExpert(4))) {
      MoeCase moe = moe(plan, Variant.SCALAR, 16);
      long with = rows(new GridMoe(moe, new Grid(plan), true));
      long without = rows(new GridMoe(moe, new Grid(plan), false));
      assertThat(without).isEqualTo(plan.tensor() * with);
    }
  }

  private static long rows(GridMoe grid) {
    RoutedRows routed = grid.routed(grid.moe().routing(), 0);
    long rows = 0;
    for (int rank = 0; rank < routed.placement().ranks(); rank++) {
      rows += routed.load(rank);
    }
    return rows;
  }

  /**
   * Experts split by columns: the sum of their parts is that of whole experts, but for rounding.
   */
  @ParameterizedTest
  @EnumSource
  void columnsOfExpertsAddUp(Carrier carrier) {
    for (int ranks : new int[] {1, 2, 3, 4}) {
      try (RankGroup group = carrier.open(ranks)) {
        for (Variant variant : List.of(Variant.SCALAR, Variant.VECTOR)) {
          int shared = ranks == 3 ? 0 : 8;
          MoeCase moe = MoeCase.of(8, 2, shared, RoutingRule.topKThenSoftmax(), variant, 7);
          assertThat(faultOfColumns(group, moe)).isNull();
        }
      }
    }
  }

  private static String faultOfColumns(RankGroup group, MoeCase moe) {
    int ranks = group.size();
    int hidden = moe.spec().hidden();
    AllReduce sum = (AllReduce) group.algorithms().get(Operation.ALL_REDUCE);
    ExpertCheck check =
        new ExpertCheck(
            moe,
            rank -> 0,
            null,
            new ReferenceMoe(moe.spec(), moe.whole(), moe.x()).topK(ranks),
            rank -> sum.traffic(ranks, moe.x().rows() * hidden).sentBytes().get(rank));
    return check.fault(
        group,
        (rank, meter) -> {
          ExpertWeights columns = moe.columns(ranks, rank.rank());
          Assignment topK = moe.topK(columns, meter);
          Sublayer experts =
              new ExpertSublayer(columns, topK, new LocalDispatch(), moe.variant(), meter);
          return new SplitExperts(new Sum(new Metered(rank, Axis.TENSOR, meter)), experts, hidden);
        });
  }

  /** The exchange of plain tensor parallelism: all ranks hold all tokens. */
  private record Sum(Communicator tensor) implements TokenExchange {
    @Override
    public int gathered(int kept) {
      return kept;
    }

    @Override
    public Matrix enter(Matrix kept) {
      return kept;
    }

    @Override
    public void leave(Matrix partial, Matrix kept) {
      int length = kept.rows() * kept.cols();
      tensor.allReduce(
          partial.data(), partial.offset(), kept.data(), kept.offset(), length, ReduceOp.SUM);
    }
  }
}
