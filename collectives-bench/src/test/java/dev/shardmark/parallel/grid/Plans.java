package dev.shardmark.parallel.grid;

import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Grid;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.context.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All plans of so many ranks, and small layers that they divide. */
final class Plans {
  static final LayerSpec DENSE = LayerSpec.dense(16, 8, 4, 4, 16);
  static final LayerSpec EXPERTS = DENSE.withExperts(8, 2, 8, RoutingRule.topKThenSoftmax());
  static final LayerSpec THIRDS = LayerSpec.dense(18, 6, 3, 4, 15);
  static final LayerSpec EXPERT_THIRDS = THIRDS.withExperts(6, 2, 0, RoutingRule.softmaxThenTopK());

  private Plans() {}

  /** Every way to have so many ranks. */
  static List<ShardPlan> of(int ranks) {
    List<ShardPlan> plans = new ArrayList<>();
    for (int t : divisors(ranks)) {
      for (int c : divisors(ranks / t)) {
        for (int p : divisors(ranks / t / c)) {
          int data = ranks / t / c / p;
          for (int e : divisors(ranks / p)) {
            plans.add(new ShardPlan(t, false, e, c, p, data));
            if (t > 1) {
              plans.add(new ShardPlan(t, true, e, c, p, data));
            }
          }
        }
      }
    }
    return plans;
  }

  private static int[] divisors(int n) {
    return IntStream.rangeClosed(1, n).filter(d -> n % d == 0).toArray();
  }

  /** Two sequences for each replica, and a layer for each stage. */
  static GridLayers dense(ShardPlan plan) {
    return layers(plan.ranks() % 3 == 0 ? THIRDS : DENSE, plan, 1);
  }

  /** The same with experts. */
  static GridLayers experts(ShardPlan plan) {
    return layers(plan.ranks() % 3 == 0 ? EXPERT_THIRDS : EXPERTS, plan, 1);
  }

  /** The tokens of a rank leave a remainder where tensor ranks need not divide them. */
  static GridLayers layers(LayerSpec spec, ShardPlan plan, int stageLayers) {
    int chunk = plan.sequence() ? plan.tensor() : plan.tensor() == 3 ? 2 : 3;
    return new GridLayers(
        spec,
        stageLayers * plan.pipeline(),
        2 * plan.data(),
        2 * plan.context() * chunk,
        Placement.ZIGZAG,
        new Grid(plan));
  }
}
