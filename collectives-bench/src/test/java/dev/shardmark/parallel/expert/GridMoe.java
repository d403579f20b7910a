package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Rank;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.GridCommunicators;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import java.util.ArrayList;
import java.util.List;

/**
 * A case over a grid: parts of the tokens belong to places of the context and data axes, and of the
 * tensor axis where the plan splits the sequence; experts are dealt over all of them.
 *
 * @param drops whether tensor ranks with the same tokens send each of them once
 */
record GridMoe(MoeCase moe, Grid grid, boolean drops) implements ExpertCheck.Builder {
  ExpertPlacement placement() {
    return ExpertPlacement.contiguous(moe.spec().experts(), grid.plan().expert());
  }

  /** Whose tokens a rank has. */
  int part(int rank) {
    int inStage = rank % grid.plan().stageRanks();
    return grid.plan().sequence() ? inStage : inStage / grid.plan().tensor();
  }

  /** How many parts of the tokens there are. */
  static int parts(ShardPlan plan) {
    return plan.stageRanks() / (plan.sequence() ? 1 : plan.tensor());
  }

  @Override
  public Sublayer of(Rank world, Meter meter) {
    GridCommunicators groups = GridCommunicators.of(world, grid, meter);
    int expert = grid.place(world.rank()).expert();
    return of(groups.tensor(), groups.expert(), moe.weights(placement(), expert), meter);
  }

  /** The sublayer of one rank with these groups and weights. */
  Sublayer of(Communicator tensor, Communicator expert, ExpertWeights weights, Meter meter) {
    int hidden = moe.spec().hidden();
    Dispatch dispatch = new FlatDispatch(expert, placement(), hidden, meter);
    Sublayer experts =
        new ExpertSublayer(weights, moe.topK(weights, meter), dispatch, moe.variant(), meter);
    return drops ? new DuplicateDropping(tensor, experts, hidden, meter) : experts;
  }

  ExpertCheck check() {
    Routing all = moe.routing();
    return new ExpertCheck(
        moe,
        this::part,
        moe.unsharded(all),
        new ReferenceMoe(moe.spec(), moe.whole(), moe.x()).topK(1),
        rank -> sentBytes(all, rank));
  }

  private long sentBytes(Routing all, int rank) {
    int hidden = moe.spec().hidden();
    int tokens = moe.tokens()[part(rank)];
    int tensor = grid.plan().tensor();
    long gathered = drops ? DuplicateDropping.sentBytes(tokens, tensor, hidden) : 0;
    return FlatDispatch.sentBytes(routed(all, rank), grid.place(rank).expert(), hidden) + gathered;
  }

  /** What the expert group of a rank sends. */
  RoutedRows routed(Routing all, int rank) {
    int degree = grid.plan().expert();
    int first = rank / degree * degree;
    List<Routing> routings = new ArrayList<>();
    for (int peer = first; peer < first + degree; peer++) {
      routings.add(routing(all, peer));
    }
    return RoutedRows.of(placement(), routings);
  }

  private Routing routing(Routing all, int rank) {
    int part = part(rank);
    int tokens = moe.tokens()[part];
    if (!drops) {
      return MoeCase.slice(all, moe.first(part), tokens);
    }
    int each = Math.ceilDiv(tokens, grid.plan().tensor());
    int from = Math.min(tokens, grid.place(rank).tensor() * each);
    return MoeCase.slice(all, moe.first(part) + from, Math.min(each, tokens - from));
  }
}
