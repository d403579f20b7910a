package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;
import java.util.List;

/**
 * Experts of a layer, each of them whole on some rank: choose, sort by place, send, compute, bring
 * back, add up. The shared expert, which every rank holds, meets the rank's own tokens.
 *
 * <p><b>Order</b> a token adds its experts in the order of its choices, then the shared one.
 *
 * <p><b>Cost</b> that of the dispatch.
 */
public final class ExpertSublayer implements Sublayer {
  private final Assignment assignment;
  private final Dispatch dispatch;
  private final Meter meter;
  private final int[] placeOf;
  private final Permutation permutation;
  private final ExpertMlp experts;
  private final Combine combine;
  private final ResidualAdd add;
  private final RowBuffer sorted;

  /** Null without a shared expert. */
  private final ExpertMlp shared;

  private final int[] all = new int[2];

  /** Choices by place instead of expert. */
  private Routing placed = Routing.zeros(0, 1);

  /** A sublayer of one rank; the dispatch must be made for the same placement. */
  public ExpertSublayer(
      ExpertWeights weights,
      Assignment assignment,
      Dispatch dispatch,
      Variant variant,
      Meter meter) {
    this.assignment = assignment;
    this.dispatch = dispatch;
    this.meter = meter;
    placeOf = weights.placement().placesFrom(weights.rank());
    permutation = new Permutation(weights.placement().places());
    experts = new ExpertMlp(weights.gateUp(), weights.down(), variant, meter);
    combine = Kernels.combine(variant);
    add = Kernels.residualAdd(variant);
    sorted = new RowBuffer(weights.router().rows(), 1);
    shared =
        weights.sharedGateUp() == null
            ? null
            : new ExpertMlp(
                List.of(weights.sharedGateUp()), List.of(weights.sharedDown()), variant, meter);
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    Routing routing = assignment.assign(normed);
    Matrix rows = permute(routing, normed);
    Matrix arrived = dispatch.send(rows, permutation.offset());
    Matrix returned = dispatch.giveBack(experts.apply(arrived, dispatch.offset()));
    long sinceNs = meter.now();
    combine.combine(returned, placed, permutation, added);
    meter.computed(LayerOperation.COMBINE, sinceNs);
    if (shared != null) {
      all[1] = normed.rows();
      Matrix everyToken = shared.apply(normed, all);
      sinceNs = meter.now();
      add.add(everyToken, added);
      meter.computed(LayerOperation.COMBINE, sinceNs);
    }
  }

  private Matrix permute(Routing routing, Matrix normed) {
    long sinceNs = meter.now();
    boolean same =
        placed.tokens() == routing.tokens()
            && placed.topK() == routing.topK()
            && placed.weight() == routing.weight();
    if (!same) {
      placed =
          new Routing(
              routing.tokens(), routing.topK(), new int[routing.choices()], routing.weight());
    }
    for (int at = 0; at < routing.choices(); at++) {
      int expert = routing.expert()[at];
      placed.expert()[at] = expert == Routing.DROPPED ? Routing.DROPPED : placeOf[expert];
    }
    permutation.sort(placed);
    Matrix rows = sorted.rows(permutation.rows());
    permutation.gather(normed, rows);
    meter.computed(LayerOperation.PERMUTE, sinceNs);
    return rows;
  }
}
