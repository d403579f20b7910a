package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Capacity;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.GridCommunicators;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import dev.shardmark.parallel.expert.ExpertCheck.Builder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check must be able to fail: each of these sublayers is wrong in one way. */
@Timeout(120)
class ExpertCheckTest {
  private static final int RANKS = 8;
  private static final int EXPERTS = 16;
  private static final int TOKENS = 6;
  private static final double FACTOR = 2.5; // two rows of an expert, or one
  private static final ExpertPlacement PLACEMENT = ExpertPlacement.contiguous(EXPERTS, RANKS);
  private static final ShardPlan TED = ShardPlan.UNSHARDED.withTensor(2).withData(4);

  /**
   * A mistake, with its id in the list of mutations where it has one.
   *
   * @param check says what is right
   * @param right passes it
   * @param wrong must not
   * @param says what the check finds, where it is always the same
   */
  private record Mutation(
      String name, ExpertCheck check, Builder right, Builder wrong, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mutation> mutations() {
    return Stream.of(
        tiesOrderedOtherwise(),
        gateNotRenormalised(),
        capacityOfTokens(),
        paddedRowsSent(),
        unpermutedOffByOne(),
        combinedByExpert(),
        groupsNotCoordinated(),
        countsTransposed(),
        expertMeshTransposed(),
        duplicatesDroppedOverTheDataAxis(),
        gateAppliedByEveryTensorRank(),
        levelsSwapped(),
        placementStale());
  }

  @ParameterizedTest
  @MethodSource("mutations")
  @Tag("kill-list")
  void wrongSublayersAreRejected(Mutation mutation) {
    for (Transport transport : List.of(Transport.SHARED, Transport.COPYING)) {
      try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), transport)) {
        assertThat(mutation.check().fault(group, mutation.right())).isNull();
        assertThat(mutation.check().fault(group, mutation.wrong()))
            .isNotNull()
            .contains(mutation.says());
      }
    }
  }

  private static MoeCase moe(int topK, RoutingRule rule, int parts) {
    int[] tokens = new int[parts];
    Arrays.fill(tokens, TOKENS);
    return MoeCase.of(EXPERTS, topK, 0, rule, Variant.SCALAR, tokens);
  }

  private static ShardedMoe flat() {
    return ShardedMoe.flat(moe(2, RoutingRule.topKThenSoftmax(), RANKS), PLACEMENT);
  }

  private static ExpertCheck check(ShardedMoe right) {
    return right.check(right.moe().routing(), FlatDispatch::sentBytes);
  }

  private static Mutation of(String name, ShardedMoe right, Builder wrong, String says) {
    return new Mutation(name, check(right), right, wrong, says);
  }

  private static Mutation tiesOrderedOtherwise() {
    MoeCase tied = moe(1, RoutingRule.topKThenSoftmax(), RANKS).withTies();
    ShardedMoe right = ShardedMoe.flat(tied, PLACEMENT);
    Builder wrong =
        right.by((weights, meter) -> new WrongAssignments.LaterOfTies(tied, weights, meter));
    return of("MU20 ties ordered otherwise", right, wrong, "out of bounds");
  }

  private static Mutation gateNotRenormalised() {
    MoeCase other = moe(2, RoutingRule.softmaxThenTopK(), RANKS);
    return of("MU21 gate not renormalised", flat(), flat().by(other::topK), "out of bounds");
  }

  /** Drops others, and sends fewer. */
  private static Mutation capacityOfTokens() {
    MoeCase moe = flat().moe();
    int topK = moe.spec().topK();
    int capacity = Capacity.of(FACTOR, TOKENS, topK, EXPERTS);
    List<Routing> kept = moe.parts(moe.routing());
    kept.forEach(routing -> new Capacity(EXPERTS).drop(routing, capacity));
    ExpertCheck check = flat().checkRouted(MoeCase.join(kept), FlatDispatch::sentBytes);
    Builder wrong = capped(FACTOR / topK); // T K / E times that is T / E
    return new Mutation("MU22 capacity of tokens", check, capped(FACTOR), wrong, "");
  }

  private static ShardedMoe capped(double factor) {
    MoeCase moe = flat().moe();
    return flat()
        .by((w, meter) -> new CappedAssignment(moe.topK(w, meter), EXPERTS, factor, meter));
  }

  private static Mutation paddedRowsSent() {
    Builder wrong =
        flat().by((comm, at, hidden, meter) -> new PaddedDispatch(comm, at, TOKENS, hidden, meter));
    return of("MU23 padded rows sent as payload", flat(), wrong, "bytes are wrong");
  }

  private static Mutation unpermutedOffByOne() {
    Builder wrong =
        flat()
            .by(
                (comm, at, hidden, meter) ->
                    new WrongDispatches.OffByOne(new FlatDispatch(comm, at, hidden, meter)));
    return of("MU24 un-permuted off by one", flat(), wrong, "out of bounds");
  }

  /** No rounding too many, but another order. */
  private static Mutation combinedByExpert() {
    ShardedMoe right = ShardedMoe.flat(moe(4, RoutingRule.topKThenSoftmax(), RANKS), PLACEMENT);
    Builder wrong =
        right.by((w, meter) -> new WrongAssignments.ByExpert(right.moe().topK(w, meter)));
    return of("combined in the order of experts", right, wrong, "bits differ");
  }

  /** Other rows travel, if lengths agree at all. */
  private static Mutation countsTransposed() {
    Builder wrong =
        flat()
            .by(
                (comm, at, hidden, meter) ->
                    new FlatDispatch(WrongDispatches.transposed(comm), at, hidden, meter));
    return of("MU44 counts transposed", flat(), wrong, "");
  }

  private static Mutation levelsSwapped() {
    ShardedMoe right = levels(2);
    ExpertCheck check =
        right.check(
            right.moe().routing(),
            (routed, rank, hidden) -> HierarchicalDispatch.sentBytes(routed, rank, 2, hidden));
    return new Mutation(
        "local and remote level swapped", check, right, levels(RANKS / 2), "bytes are wrong");
  }

  private static ShardedMoe levels(int size) {
    return flat()
        .by((comm, at, hidden, meter) -> new HierarchicalDispatch(comm, at, size, hidden, meter));
  }

  /** Experts have moved, and a rank sends to where they were. */
  private static Mutation placementStale() {
    ExpertPlacement moved = ExpertPlacement.roundRobin(EXPERTS, RANKS);
    MoeCase moe = flat().moe();
    Builder wrong =
        (world, meter) -> {
          ExpertWeights now = moe.weights(moved, world.rank());
          ExpertWeights stale =
              new ExpertWeights(
                  PLACEMENT, now.rank(), now.router(), now.gateUp(), now.down(), null, null);
          return flat().of(world, stale, meter);
        };
    return of("placement stale", flat(), wrong, "out of bounds");
  }

  private static GridMoe grid(ShardPlan plan) {
    MoeCase moe = moe(2, RoutingRule.topKThenSoftmax(), GridMoe.parts(plan));
    return new GridMoe(moe, new Grid(plan), plan.tensor() > 1);
  }

  private interface WrongGrid {
    Sublayer of(GridCommunicators groups, Grid.Place at, Communicator world, Meter meter);
  }

  private static Mutation of(String name, GridMoe right, WrongGrid wrong, String says) {
    Builder builder =
        (world, meter) ->
            wrong.of(
                GridCommunicators.of(world, right.grid(), meter),
                right.grid().place(world.rank()),
                world,
                meter);
    return new Mutation(name, right.check(), right, builder, says);
  }

  private static ExpertWeights weights(GridMoe grid, int rank) {
    return grid.moe().weights(grid.placement(), rank);
  }

  /** Experts as if their groups were strided, like those of the data axis. */
  private static Mutation groupsNotCoordinated() {
    GridMoe right = grid(ShardPlan.UNSHARDED.withData(RANKS).withExpert(2));
    WrongGrid wrong =
        (groups, at, world, meter) ->
            right.of(groups.tensor(), groups.expert(), weights(right, at.replica() % 2), meter);
    return of("MU25 expert and data groups not coordinated", right, wrong, "out of bounds");
  }

  private static Mutation expertMeshTransposed() {
    GridMoe right = grid(TED.withExpert(RANKS));
    WrongGrid wrong =
        (groups, at, world, meter) -> {
          Communicator transposed = world.split(0, at.tensor() * TED.data() + at.data());
          return right.of(groups.tensor(), transposed, weights(right, at.expert()), meter);
        };
    return of("MU45 expert mesh transposed", right, wrong, "out of bounds");
  }

  private static Mutation duplicatesDroppedOverTheDataAxis() {
    GridMoe right = grid(TED.withExpert(RANKS));
    WrongGrid wrong =
        (groups, at, world, meter) ->
            right.of(groups.data(), groups.expert(), weights(right, at.expert()), meter);
    return of("MU45 duplicates dropped over the data axis", right, wrong, "out of bounds");
  }

  private static Mutation gateAppliedByEveryTensorRank() {
    GridMoe right = grid(TED.withExpert(RANKS));
    WrongGrid wrong =
        (groups, at, world, meter) -> {
          ExpertWeights weights = weights(right, at.expert());
          Sublayer once = right.of(groups.tensor(), groups.expert(), weights, meter);
          return (normed, added) -> {
            once.apply(normed, added);
            int end = added.offset() + added.rows() * added.cols();
            for (int i = added.offset(); i < end; i++) {
              added.data()[i] *= TED.tensor();
            }
          };
        };
    return of("gate applied by every tensor rank", right, wrong, "out of bounds");
  }
}
