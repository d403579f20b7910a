package dev.shardmark.parallel.expert;

import static dev.shardmark.parallel.expert.ExpertGroups.experts;
import static dev.shardmark.parallel.expert.ExpertGroups.open;
import static dev.shardmark.parallel.expert.ExpertGroups.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Capacity;
import dev.shardmark.kernels.moe.LoadStats;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.parallel.Meter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Choices with a limit: of rows of an expert, of nodes of a token. */
@Timeout(120)
class LimitedExpertsTest {
  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void choicesBeyondTheCapacityAreDropped(int ranks, Transport transport) {
    int e = experts(ranks);
    MoeCase moe = MoeCase.of(e, 2, 0, RoutingRule.softmaxThenTopK(), Variant.VECTOR, tokens(ranks));
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
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
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
    RoutedRows routed = RoutedRows.of(ExpertPlacement.contiguous(e, ranks), moe.parts(all));
    for (int rank = 0; rank < ranks; rank++) {
      long padding = PaddedDispatch.paddingBytes(routed, rank, capacity, moe.spec().hidden());
      assertThat(padding).isNotNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.shardmark.parallel.expert.ExpertGroups#all")
  void expertsMayChooseTokens(int ranks, Transport transport) {
    int e = experts(ranks);
    int[] tokens = new int[ranks];
    Arrays.fill(tokens, 16);
    MoeCase moe = MoeCase.of(e, 2, 0, RoutingRule.softmaxThenTopK(), Variant.VECTOR, tokens);
    try (RankGroup group = open(ranks, transport)) {
      for (double factor : new double[] {0.5, 1, 2}) {
        Routing all = chosenByExperts(moe, factor);
        if (factor == 0.5) {
          assertThat(withoutExperts(all)).isPositive();
        }
        ShardedMoe sharded =
            ShardedMoe.flat(moe, ExpertPlacement.contiguous(e, ranks))
                .by(
                    (weights, meter) ->
                        new ExpertChoiceAssignment(factor, weights.router(), moe.variant(), meter));
        ExpertCheck check = sharded.checkRouted(all, FlatDispatch::sentBytes);
        assertThat(check.fault(group, sharded)).as("factor=%s", factor).isNull();
      }
    }
  }

  /** Part by part, and each expert as many of each. */
  private static Routing chosenByExperts(MoeCase moe, double factor) {
    int experts = moe.spec().experts();
    List<Routing> parts = new ArrayList<>();
    for (int part = 0; part < moe.tokens().length; part++) {
      Assignment choice =
          new ExpertChoiceAssignment(factor, moe.whole().router(), moe.variant(), new Meter(false));
      parts.add(choice.assign(moe.x(part)));
      int[] load = LoadStats.of(parts.get(part), experts, 1).ofExpert();
      assertThat(load).containsOnly((int) (moe.tokens()[part] * factor / experts));
    }
    return MoeCase.join(parts);
  }

  private static long withoutExperts(Routing routing) {
    long without = 0;
    for (int t = 0; t < routing.tokens(); t++) {
      int from = t * routing.topK();
      int to = from + routing.topK();
      boolean none = Arrays.stream(routing.expert(), from, to).allMatch(e -> e == Routing.DROPPED);
      without += none ? 1 : 0;
    }
    return without;
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
}
