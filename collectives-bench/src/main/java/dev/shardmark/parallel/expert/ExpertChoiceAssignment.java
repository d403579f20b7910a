package dev.shardmark.parallel.expert;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.moe.ExpertChoice;
import dev.shardmark.kernels.moe.HeapExpertChoice;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Each expert chooses as many of a rank's tokens, so that all places get equally many rows.
 *
 * <p>Choice e of a token is expert e, or dropped, so that a token adds up its experts in ascending
 * order; it may have none. Experts choose among the tokens of one rank at a time: they need not see
 * those of others, and the choice depends on which tokens share a rank.
 */
public final class ExpertChoiceAssignment implements Assignment {
  private final double factor;
  private final int experts;
  private final Logits logits;
  private final ExpertChoice choice;
  private final Meter meter;
  private Routing routing;

  /** Tokens each expert takes. */
  private int capacity;

  private int[] token = {};
  private float[] weight = {};

  /**
   * A choice.
   *
   * @param factor experts a token has on average
   * @throws IllegalArgumentException if the factor is not positive
   */
  public ExpertChoiceAssignment(double factor, PackedMatrix router, Variant variant, Meter meter) {
    this.factor = factor;
    this.meter = meter;
    experts = router.cols();
    ExpertChoice.capacity(factor, 0, experts);
    logits = new Logits(router, variant, meter);
    choice = new HeapExpertChoice(Kernels.softmax(variant));
    routing = Routing.zeros(0, experts);
  }

  @Override
  public Routing assign(Matrix normed) {
    Matrix scores = logits.of(normed);
    long sinceNs = meter.now();
    int tokens = normed.rows();
    if (routing.tokens() != tokens) {
      routing = Routing.zeros(tokens, experts);
      token = new int[tokens * experts];
      weight = new float[tokens * experts];
      capacity = ExpertChoice.capacity(factor, tokens, experts);
    }
    choice.choose(scores, capacity, token, weight);
    Arrays.fill(routing.expert(), Routing.DROPPED);
    for (int e = 0; e < experts; e++) {
      for (int i = e * capacity; i < (e + 1) * capacity; i++) {
        int at = token[i] * experts + e;
        routing.expert()[at] = e;
        routing.weight()[at] = weight[i];
      }
    }
    meter.computed(LayerOperation.ROUTE, sinceNs);
    return routing;
  }
}
