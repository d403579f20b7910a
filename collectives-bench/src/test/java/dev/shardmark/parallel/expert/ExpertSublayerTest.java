package dev.shardmark.parallel.expert;

import static dev.shardmark.parallel.expert.ExpertGroups.experts;
import static dev.shardmark.parallel.expert.ExpertGroups.open;
import static dev.shardmark.parallel.expert.ExpertGroups.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ExpertSublayerTest {
  private static final long[] LOADS = {9, 1, 1, 1, 5, 7, 2, 2};

  private static List<MoeCase> everyRule(int ranks) {
    int e = experts(ranks);
    int[] tokens = tokens(ranks);
    List<MoeCase> all = new ArrayList<>();
    for (Variant variant : List.of(Variant.SCALAR, Variant.VECTOR)) {
      for (int topK : new int[] {1, 2, 4, 8}) {
        RoutingRule[] rules = {
          RoutingRule.softmaxThenTopK(),
          RoutingRule.topKThenSoftmax(),
          RoutingRule.sigmoid(),
          RoutingRule.kimiK2(),
          RoutingRule.deepSeekV3()
        };
        for (RoutingRule rule : rules) {
          if (e % rule.groups() == 0 && topK <= e / rule.groups() * rule.groupsKept()) {
            int shared = topK % 4 == 2 ? 8 : 0;
            all.add(MoeCase.of(e, topK, shared, rule, variant, tokens));
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void everyRuleGivesTheBitsOfTheUnshardedLayer(int ranks, Transport transport) {
    try (RankGroup group = open(ranks, transport)) {
      for (MoeCase moe : everyRule(ranks)) {
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(experts(ranks), ranks));
        ExpertCheck check = sharded.check(moe.routing(), FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void resultsDoNotDependOnPlacement(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe = MoeCase.of(e, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(ranks));
    long[] loads = Arrays.copyOf(LOADS, e);
    try (RankGroup group = open(ranks, transport)) {
      for (ExpertPlacement placement :
          List.of(ExpertPlacement.roundRobin(e, ranks), ExpertPlacement.byLoad(loads, ranks))) {
        ShardedMoe sharded = ShardedMoe.flat(moe, placement);
        ExpertCheck check = sharded.check(moe.routing(), FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).isNull();
      }
    }
  }

  /**
   * A copy computes some of an expert's rows; those of the scalar kernels do not depend on that.
   */
  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void norOnCopies(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe = MoeCase.of(e, 2, 0, RoutingRule.topKThenSoftmax(), Variant.SCALAR, tokens(ranks));
    ExpertPlacement once = ExpertPlacement.contiguous(e, ranks);
    long[] loads = Arrays.copyOf(LOADS, e);
    ExpertPlacement placement = ranks == 1 ? once : once.withCopies(loads, ranks);
    try (RankGroup group = open(ranks, transport)) {
      ShardedMoe sharded = ShardedMoe.flat(moe, placement);
      ExpertCheck check = sharded.check(moe.routing(), FlatDispatch::sentBytes);
      assertThat(check.fault(group, sharded)).isNull();
    }
    RoutedRows with = RoutedRows.of(placement, moe.parts(moe.routing()));
    RoutedRows without = RoutedRows.of(once, moe.parts(moe.routing()));
    assertThat(with.remoteCopiesPerToken()).isLessThanOrEqualTo(without.remoteCopiesPerToken());
  }

  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void twoLevelsGiveTheBitsOfOne(int ranks, Transport transport) {
    MoeCase moe =
        MoeCase.of(
            experts(ranks), 4, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(ranks));
    try (RankGroup group = open(ranks, transport)) {
      for (int size = 1; size <= ranks; size++) {
        if (ranks % size == 0) {
          int groupSize = size;
          ShardedMoe sharded =
              ShardedMoe.flat(moe, ExpertPlacement.roundRobin(experts(ranks), ranks))
                  .by(
                      (comm, placement, hidden, meter) ->
                          new HierarchicalDispatch(comm, placement, groupSize, hidden, meter));
          ExpertCheck check =
              sharded.check(
                  moe.routing(),
                  (routed, rank, hidden) ->
                      HierarchicalDispatch.sentBytes(routed, rank, groupSize, hidden));
          assertThat(check.fault(group, sharded)).as("groupSize=%d", groupSize).isNull();
        }
      }
    }
  }

  /** All tokens to the last expert, of ranks of which some have no tokens. */
  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void oneExpertMayGetEverythingAndRanksMayHaveNothing(int ranks, Transport transport) {
    int e = experts(ranks);
    int[] tokens = new int[ranks];
    Arrays.setAll(tokens, rank -> rank % 2 == 1 ? 0 : 9 - rank);
    MoeCase moe = MoeCase.of(e, 1, 8, RoutingRule.topKThenSoftmax(), Variant.SCALAR, tokens);
    try (RankGroup group = open(ranks, transport)) {
      for (int expert : new int[] {0, e - 1}) {
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
                .by((weights, meter) -> normed -> allTo(expert, normed.rows()));
        Routing all = allTo(expert, moe.x().rows());
        ExpertCheck check = sharded.checkRouted(all, FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).isNull();
        RoutedRows routed = RoutedRows.of(sharded.placement(), moe.parts(all));
        assertThat(routed.rankImbalance()).isEqualTo(ranks);
        assertThat(routed.placeImbalance()).isEqualTo(e);
      }
      ShardedMoe sharded = ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks));
      ExpertCheck check = sharded.check(moe.routing(), FlatDispatch::sentBytes);
      assertThat(check.fault(group, sharded)).isNull();
    }
  }

  private static Routing allTo(int expert, int tokens) {
    Routing routing = Routing.zeros(tokens, 1);
    Arrays.fill(routing.expert(), expert);
    Arrays.fill(routing.weight(), 0.75f);
    return routing;
  }

  @Test
  void nobodyNeedHaveTokens() {
    MoeCase moe = MoeCase.of(8, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, 0, 0);
    try (RankGroup group = open(2, Transport.COPYING)) {
      ShardedMoe sharded = ShardedMoe.flat(moe, ExpertPlacement.contiguous(8, 2));
      ExpertCheck check =
          sharded.check(moe.routing(), (routed, rank, hidden) -> (long) Float.BYTES * 4);
      assertThat(check.fault(group, sharded)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void aSkewTakesThePlaceOfTheRouter(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe = MoeCase.of(e, 2, 0, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(ranks));
    try (RankGroup group = open(ranks, transport)) {
      for (double exponent : new double[] {0, 1.2}) {
        Routing all = new SkewedRouting(e, 2, exponent, 5, 0).assign(moe.x());
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
                .by(
                    (weights, meter) ->
                        new SkewedRouting(e, 2, exponent, 5, moe.first(weights.rank())));
        ExpertCheck check = sharded.checkRouted(all, FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).isNull();
      }
    }
  }

  /** Two large all-to-alls and a small one; where they are two-level, twice as many. */
  @Test
  void callsAreCountedAndTimeIsKept() {
    MoeCase moe = MoeCase.of(8, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(4));
    ExpertPlacement placement = ExpertPlacement.contiguous(8, 4);
    try (RankGroup group = open(4, Transport.SHARED)) {
      group.run(
          rank -> {
            for (int levels = 1; levels <= 2; levels++) {
              Meter meter = new Meter(true);
              Metered comm = new Metered(rank, Axis.EXPERT, meter);
              int hidden = moe.spec().hidden();
              Dispatch dispatch =
                  levels == 1
                      ? new FlatDispatch(comm, placement, hidden, meter)
                      : new HierarchicalDispatch(comm, placement, 2, hidden, meter);
              ExpertWeights weights = moe.weights(placement, rank.rank());
              Sublayer sublayer =
                  new ExpertSublayer(
                      weights, moe.topK(weights, meter), dispatch, moe.variant(), meter);
              Matrix x = moe.x(rank.rank());
              sublayer.apply(x, Matrix.zeros(x.rows(), x.cols()));
              assertThat(meter.calls(Axis.EXPERT, Operation.ALL_TO_ALL)).isEqualTo(levels);
              assertThat(meter.calls(Axis.EXPERT, Operation.ALL_TO_ALL_V)).isEqualTo(2 * levels);
              for (LayerOperation operation :
                  List.of(
                      LayerOperation.ROUTER,
                      LayerOperation.ROUTE,
                      LayerOperation.PERMUTE,
                      LayerOperation.GATE_UP,
                      LayerOperation.SWIGLU,
                      LayerOperation.DOWN,
                      LayerOperation.COMBINE)) {
                assertThat(meter.computedNs(operation)).as("%s", operation).isPositive();
              }
            }
          });
    }
  }
}
