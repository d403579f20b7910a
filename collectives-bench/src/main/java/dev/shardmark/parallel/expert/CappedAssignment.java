package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.Capacity;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Meter;

/**
 * Another assignment, of which each expert takes at most {@code C = ceil(factor T K / E)} rows of
 * this rank's T tokens; choices beyond are dropped, and contribute nothing.
 */
public final class CappedAssignment implements Assignment {
  private final Assignment assignment;
  private final int experts;
  private final double factor;
  private final Meter meter;
  private final Capacity limit;
  private Routing kept = Routing.zeros(0, 1);
  private int capacity;
  private int dropped;

  /**
   * A limit.
   *
   * @throws IllegalArgumentException if the factor is not positive
   */
  public CappedAssignment(Assignment assignment, int experts, double factor, Meter meter) {
    this.assignment = assignment;
    this.experts = experts;
    this.factor = factor;
    this.meter = meter;
    limit = new Capacity(experts);
    Capacity.of(factor, 0, 1, experts);
  }

  @Override
  public Routing assign(Matrix normed) {
    Routing all = assignment.assign(normed);
    long sinceNs = meter.now();
    boolean same =
        kept.tokens() == all.tokens() && kept.topK() == all.topK() && kept.weight() == all.weight();
    if (!same) {
      kept = new Routing(all.tokens(), all.topK(), new int[all.choices()], all.weight());
      capacity = Capacity.of(factor, all.tokens(), all.topK(), experts);
    }
    System.arraycopy(all.expert(), 0, kept.expert(), 0, all.choices());
    dropped = limit.drop(kept, capacity);
    meter.computed(LayerOperation.ROUTE, sinceNs);
    return kept;
  }

  /** Choices dropped by the last call. */
  public int dropped() {
    return dropped;
  }
}
