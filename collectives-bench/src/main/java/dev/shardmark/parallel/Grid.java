package dev.shardmark.parallel;

import dev.shardmark.model.ShardPlan;
import java.util.Objects;

/**
 * Which ranks of a {@link ShardPlan} belong together.
 *
 * <p>Ranks count tensor first, then context, data, pipeline, as Megatron-Core orders them: {@code
 * rank = ((stage * D + replica) * c + part) * t + shard}. Experts are dealt over the ranks of a
 * stage in that order, e of them in a row: attention and experts have grids of their own over the
 * same ranks (D. Liu et al., MoE Parallel Folding, arXiv 2504.14960).
 *
 * @throws IllegalArgumentException if the expert degree does not divide the ranks of a stage
 */
public record Grid(ShardPlan plan) {
  public Grid {
    if (plan.stageRanks() % plan.expert() != 0) {
      throw new IllegalArgumentException(
          "expert degree must divide the ranks of a pipeline stage: expert="
              + plan.expert()
              + " ranks="
              + plan.stageRanks());
    }
  }

  /**
   * Where a rank stands on every axis.
   *
   * @param tensor of t
   * @param context of c
   * @param data of D
   * @param pipeline of p
   * @param expert of e, among those that hold each expert once
   * @param replica which of the ranks that hold the same experts, of the stage's ranks / e
   */
  public record Place(int tensor, int context, int data, int pipeline, int expert, int replica) {}

  /** Ranks in all. */
  public int ranks() {
    return plan.ranks();
  }

  /** The place of a rank. */
  public Place place(int rank) {
    Objects.checkIndex(rank, ranks());
    int inStage = rank % plan.stageRanks();
    return new Place(
        inStage % plan.tensor(),
        inStage / plan.tensor() % plan.context(),
        inStage / (plan.tensor() * plan.context()),
        rank / plan.stageRanks(),
        inStage % plan.expert(),
        inStage / plan.expert());
  }

  /** The rank at a place of the attention grid. */
  public int rank(int tensor, int context, int data, int pipeline) {
    Objects.checkIndex(tensor, plan.tensor());
    Objects.checkIndex(context, plan.context());
    Objects.checkIndex(data, plan.data());
    Objects.checkIndex(pipeline, plan.pipeline());
    return ((pipeline * plan.data() + data) * plan.context() + context) * plan.tensor() + tensor;
  }
}
