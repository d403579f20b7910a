package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.Capacity;
import dev.shardmark.kernels.moe.LoadStats;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Axis;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Metered;
import dev.shardmark.parallel.Sublayer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class ExpertSublayerTest {
  private static final long[] LOADS = {9, 1, 1, 1, 5, 7, 2, 2};

  static Stream<Arguments> groups() {
    return Stream.of(1, 2, 3, 4, 8)
        .flatMap(
            ranks ->
                Stream.of(Transport.SHARED, Transport.COPYING)
                    .map(transport -> Arguments.of(ranks, transport)));
  }

  private static RankGroup open(int ranks, Transport transport) {
    return RankGroup.open(ranks, Duration.ofSeconds(30), transport);
  }

  private static int experts(int ranks) {
    return ranks == 3 ? 6 : 8;
  }

  /** More than 4 of each rank: see {@link BatchInvarianceTest}. */
  private static int[] tokens(int ranks) {
    int[] tokens = new int[ranks];
    Arrays.setAll(tokens, rank -> 5 + rank % 3);
    return tokens;
  }

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
  @MethodSource("groups")
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
  @MethodSource("groups")
  void resultsDoNotDependOnPlacement(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe =
        MoeCase.of(e, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(ranks));
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

  /** A copy computes some of an expert's rows; those of the scalar kernels do not depend on that. */
  @ParameterizedTest
  @MethodSource("groups")
  void norOnCopies(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe =
        MoeCase.of(e, 2, 0, RoutingRule.topKThenSoftmax(), Variant.SCALAR, tokens(ranks));
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
  @MethodSource("groups")
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

  @ParameterizedTest
  @MethodSource("groups")
  void choicesBeyondTheCapacityAreDropped(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe =
        MoeCase.of(e, 2, 0, RoutingRule.softmaxThenTopK(), Variant.VECTOR, tokens(ranks));
    List<Routing> dropless = moe.parts(moe.routing());
    try (RankGroup group = open(ranks, transport)) {
      for (double factor : new double[] {0.25, 1, 1.25, 100}) {
        List<Routing> kept = dropped(dropless, e, factor);
        Routing all = MoeCase.join(kept);
        if (factor == 100) {
          assertThat(all.expert()).isEqualTo(moe.routing().expert());
        }
        int[] counted = new int[ranks];
        CappedAssignment[] capped = new CappedAssignment[ranks];
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
                .by(
                    (weights, meter) -> {
                      Assignment topK = moe.topK(weights, meter);
                      capped[weights.rank()] = new CappedAssignment(topK, e, factor, meter);
                      return capped[weights.rank()];
                    });
        ExpertCheck check = sharded.checkRouted(all, FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).as("factor=%s", factor).isNull();
        Arrays.setAll(counted, rank -> capped[rank].dropped());
        for (int rank = 0; rank < ranks; rank++) {
          assertThat(counted[rank]).isEqualTo(beyond(dropless.get(rank), e, factor));
        }
      }
    }
  }

  /** The sum of max(0, load - C). */
  private static int beyond(Routing routing, int experts, double factor) {
    int capacity = Math.toIntExact((long) Math.ceil(routing.choices() * factor / experts));
    int[] load = LoadStats.of(routing, experts, 1).ofExpert();
    return Arrays.stream(load).map(rows -> Math.max(0, rows - capacity)).sum();
  }

  private static List<Routing> dropped(List<Routing> parts, int experts, double factor) {
    Routing[] kept = new Routing[parts.size()];
    for (int part = 0; part < kept.length; part++) {
      kept[part] = MoeCase.slice(parts.get(part), 0, parts.get(part).tokens());
      int capacity = Capacity.of(factor, kept[part].tokens(), kept[part].topK(), experts);
      new Capacity(experts).drop(kept[part], capacity);
    }
    return List.of(kept);
  }

  @ParameterizedTest
  @MethodSource("groups")
  void paddingChangesBytesAndNothingElse(int ranks, Transport transport) {
    int e = experts(ranks);
    int[] tokens = new int[ranks];
    Arrays.fill(tokens, 6);
    MoeCase moe = MoeCase.of(e, 2, 0, RoutingRule.topKThenSoftmax(), Variant.SCALAR, tokens);
    double factor = 1.5;
    int capacity = Capacity.of(factor, 6, 2, e);
    Routing all = MoeCase.join(dropped(moe.parts(moe.routing()), e, factor));
    try (RankGroup group = open(ranks, transport)) {
      ShardedMoe sharded =
          ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
              .by((w, meter) -> new CappedAssignment(moe.topK(w, meter), e, factor, meter))
              .by(
                  (comm, placement, hidden, meter) ->
                      new PaddedDispatch(comm, placement, capacity, hidden, meter));
      ExpertCheck check =
          sharded.checkRouted(
              all,
              (routed, rank, hidden) ->
                  PaddedDispatch.sentBytes(routed.placement(), capacity, hidden));
      assertThat(check.fault(group, sharded)).isNull();
    }
    RoutedRows routed =
        RoutedRows.of(ExpertPlacement.contiguous(e, ranks), moe.parts(all));
    for (int rank = 0; rank < ranks; rank++) {
      long padding = PaddedDispatch.paddingBytes(routed, rank, capacity, moe.spec().hidden());
      assertThat(padding).isNotNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void expertsMayChooseTokens(int ranks, Transport transport) {
    int e = experts(ranks);
    int[] tokens = new int[ranks];
    Arrays.fill(tokens, 12);
    MoeCase moe =
        MoeCase.of(e, 2, 0, RoutingRule.softmaxThenTopK(), Variant.VECTOR, tokens);
    for (double factor : new double[] {0.5, 1, 2}) {
      List<Routing> parts = new ArrayList<>();
      for (int part = 0; part < ranks; part++) {
        Routing chosen = chosenByExperts(moe, factor).assign(moe.x(part));
        parts.add(MoeCase.slice(chosen, 0, chosen.tokens()));
        int[] load = LoadStats.of(chosen, e, 1).ofExpert();
        assertThat(load).containsOnly((int) (12 * factor / e));
      }
      Routing all = MoeCase.join(parts);
      try (RankGroup group = open(ranks, transport)) {
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
                .by(
                    (weights, meter) ->
                        new ExpertChoiceAssignment(
                            factor, weights.router(), moe.variant(), meter));
        ExpertCheck check = sharded.checkRouted(all, FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).as("factor=%s", factor).isNull();
      }
      if (factor == 0.5) {
        assertThat(withoutExperts(all)).isPositive();
      }
    }
  }

  private static Assignment chosenByExperts(MoeCase moe, double factor) {
    return new ExpertChoiceAssignment(
        factor, moe.whole().router(), moe.variant(), new Meter(false));
  }

  private static long withoutExperts(Routing routing) {
    long without = 0;
    for (int t = 0; t < routing.tokens(); t++) {
      int from = t * routing.topK();
      int to = from + routing.topK();
      boolean none =
          Arrays.stream(routing.expert(), from, to).allMatch(e -> e == Routing.DROPPED);
      without += none ? 1 : 0;
    }
    return without;
  }

  /** All tokens to the last expert, of ranks of which some have no tokens. */
  @ParameterizedTest
  @MethodSource("groups")
  void oneExpertMayGetEverythingAndRanksMayHaveNothing(int ranks, Transport transport) {
    int e = experts(ranks);
    int[] tokens = new int[ranks];
    Arrays.setAll(tokens, rank -> rank % 2 == 1 ? 0 : 9 - rank);
    MoeCase moe =
        MoeCase.of(e, 1, 8, RoutingRule.topKThenSoftmax(), Variant.SCALAR, tokens);
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
    MoeCase moe =
        MoeCase.of(8, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, 0, 0);
    try (RankGroup group = open(2, Transport.COPYING)) {
      ShardedMoe sharded = ShardedMoe.flat(moe, ExpertPlacement.contiguous(8, 2));
      ExpertCheck check =
          sharded.check(moe.routing(), (routed, rank, hidden) -> (long) Float.BYTES * 4);
      assertThat(check.fault(group, sharded)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("groups")
  void aSkewTakesThePlaceOfTheRouter(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe =
        MoeCase.of(e, 2, 0, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(ranks));
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

  @Test
  void aNodeLimitKeepsTokensOnFewNodes() {
    NodeLimit limit = new NodeLimit(4, 2);
    ExpertPlacement placement = ExpertPlacement.contiguous(16, 8);
    limit.check(placement);
    int[] tokens = tokens(8);
    MoeCase moe = MoeCase.of(16, 4, 0, limit.rule(true, 2.5f), Variant.VECTOR, tokens);
    MoeCase free = MoeCase.of(16, 4, 0, RoutingRule.kimiK2(), Variant.VECTOR, tokens);
    Routing all = moe.routing();
    int most = 0;
    for (int t = 0; t < all.tokens(); t++) {
      assertThat(limit.nodesOf(all, t, placement, 0)).isLessThanOrEqualTo(2);
      most = Math.max(most, limit.nodesOf(free.routing(), t, placement, 0));
    }
    assertThat(most).isGreaterThan(2);
    try (RankGroup group = open(8, Transport.COPYING)) {
      ShardedMoe sharded =
          ShardedMoe.flat(moe, placement)
              .by(
                  (comm, placed, hidden, meter) ->
                      new HierarchicalDispatch(comm, placed, 2, hidden, meter));
      ExpertCheck check =
          sharded.check(
              all,
              (routed, rank, hidden) -> HierarchicalDispatch.sentBytes(routed, rank, 2, hidden));
      assertThat(check.fault(group, sharded)).isNull();
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limit.check(ExpertPlacement.roundRobin(16, 8)))
        .withMessage(
            "each node must hold one group of consecutive experts: nodes=4 ranks=8 experts=16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NodeLimit(4, 5))
        .withMessage("nodes kept must be in 1..nodes: kept=5 nodes=4");
  }

  /** Two large all-to-alls and a small one; where they are two-level, twice as many. */
  @Test
  void callsAreCountedAndTimeIsKept() {
    MoeCase moe =
        MoeCase.of(8, 2, 8, RoutingRule.topKThenSoftmax(), Variant.VECTOR, tokens(4));
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

  /** What uniform routing sends on average, by formula and by counting drawn routings. */
  @Test
  void uniformRoutingSendsWhatIsExpected() {
    int ranks = 8;
    int each = 500;
    int hidden = 16;
    for (int topK : new int[] {1, 2, 8}) {
      ExpertPlacement placement = ExpertPlacement.contiguous(64, ranks);
      List<Routing> routings = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        routings.add(
            new SkewedRouting(64, topK, 0, 3, rank * each).assign(Matrix.zeros(each, 1)));
      }
      RoutedRows routed = RoutedRows.of(placement, routings);
      assertThat(routed.remoteCopiesPerToken())
          .isCloseTo(topK * 7 / 8.0, within(0.05 * topK));
      double flat = 0;
      double levels = 0;
      for (int rank = 0; rank < ranks; rank++) {
        flat += FlatDispatch.sentBytes(routed, rank, hidden) / (double) ranks;
        levels += HierarchicalDispatch.sentBytes(routed, rank, 4, hidden) / (double) ranks;
      }
      double expected = FlatDispatch.expectedBytes(placement, each, topK, hidden);
      double ofLevels = HierarchicalDispatch.expectedBytes(placement, each, topK, 4, hidden);
      assertThat(flat / expected).isCloseTo(1, within(0.03));
      assertThat(levels / ofLevels).isCloseTo(1, within(0.03));
      assertThat(ofLevels).isBetween(expected, 2 * expected);
    }
  }

  @Test
  void plansThatDoNotFitAreRefused() {
    try (RankGroup group = open(4, Transport.SHARED)) {
      group.run(
          rank -> {
            Meter meter = new Meter(false);
            ExpertPlacement two = ExpertPlacement.contiguous(8, 2);
            ExpertPlacement four = ExpertPlacement.contiguous(8, 4);
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new FlatDispatch(rank, two, 16, meter))
                .withMessage(
                    "experts must be placed on the ranks of the group: placement=2 group=4");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new HierarchicalDispatch(rank, four, 3, 16, meter))
                .withMessage("group size must divide the expert degree: groupSize=3 expert=4");
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new PaddedDispatch(rank, four, -1, 16, meter))
                .withMessage("capacity must be at least 0: capacity=-1");
            Dispatch padded = new PaddedDispatch(rank, four, 1, 16, meter);
            int[] offset = {0, 2, 2, 2, 2, 2, 2, 2, 2};
            assertThatIllegalArgumentException()
                .isThrownBy(() -> padded.send(Matrix.zeros(2, 16), offset))
                .withMessage(
                    "rows of a place must not exceed the capacity: place=0 rows=2 capacity=1");
            Dispatch flat = new FlatDispatch(rank, four, 16, meter);
            assertThatIllegalArgumentException()
                .isThrownBy(() -> flat.send(Matrix.zeros(2, 16), new int[5]))
                .withMessage("offsets must be one more than places: offsets=5 places=8");
          });
    }
    MoeCase moe = MoeCase.of(8, 2, 0, RoutingRule.sigmoid(), Variant.SCALAR, 5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moe.weights(ExpertPlacement.contiguous(6, 3), 0))
        .withMessage("a placement must have the experts of the layer: placement=6 experts=8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> moe.columns(5, 0))
        .withMessage(
            "tensor degree must divide the widths of experts: tensor=5 width=12 sharedWidth=0");
    Meter meter = new Meter(false);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CappedAssignment(normed -> null, 8, 0, meter))
        .withMessageStartingWith("a capacity factor must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ExpertChoiceAssignment(-1, moe.whole().router(), Variant.SCALAR, meter))
        .withMessageStartingWith("a capacity factor must be positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutedRows.of(ExpertPlacement.contiguous(8, 2), List.of()))
        .withMessage("every rank needs a routing: routings=0 ranks=2");
  }
}
