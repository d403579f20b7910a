package dev.shardmark.parallel.tensor;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.loss.CrossEntropy;
import dev.shardmark.kernels.loss.Partials;
import dev.shardmark.parallel.Meter;

/**
 * Cross-entropy of logits of which each rank has the columns of some ids: no rank ever sees a whole
 * row.
 *
 * <p>The largest logit of all ranks, then the sum of exponentials relative to it, and the logit of
 * the target, which one rank has and others count as 0.
 *
 * <p><b>Cost</b> three all-reduces of T elements, {@link #sentBytes}: a row of logits has V, and
 * gathering them would send (t - 1) / t V.
 *
 * <p><b>Error</b> that of {@link CrossEntropy} from t ranks.
 *
 * <p><b>Source</b> M. Shoeybi et al., Megatron-LM, arXiv 1909.08053, 2019, section 3.
 */
public final class VocabularyLoss {
  private final VocabularyShard shard;
  private final Communicator tensor;
  private final Meter meter;
  private final CrossEntropy crossEntropy;
  private Partials partials = Partials.ofRows(0);
  private float[] largest = {};

  public VocabularyLoss(VocabularyShard shard, Communicator tensor, Variant variant, Meter meter) {
    this.shard = shard;
    this.tensor = tensor;
    this.meter = meter;
    crossEntropy = Kernels.crossEntropy(variant);
  }

  /**
   * Writes the loss of each token, the same on all ranks.
   *
   * @param logits (T, ids of this rank)
   * @param targets an id for each token, or {@link CrossEntropy#IGNORED}
   * @return the mean over tokens that are not ignored; NaN if there are none
   */
  public float losses(Matrix logits, int[] targets, float[] loss) {
    int rows = logits.rows();
    if (rows != largest.length) {
      partials = Partials.ofRows(rows);
      largest = new float[rows];
    }
    long startNs = meter.now();
    crossEntropy.partials(logits, shard.first(), shard.vocabulary(), targets, partials);
    meter.computed(LayerOperation.CROSS_ENTROPY, startNs);
    tensor.allReduce(partials.largest(), 0, largest, 0, rows, ReduceOp.MAX);
    startNs = meter.now();
    partials.rescale(largest);
    meter.computed(LayerOperation.CROSS_ENTROPY, startNs);
    tensor.allReduce(partials.sum(), 0, rows, ReduceOp.SUM);
    tensor.allReduce(partials.target(), 0, rows, ReduceOp.SUM);
    startNs = meter.now();
    float mean = partials.losses(targets, loss);
    meter.computed(LayerOperation.CROSS_ENTROPY, startNs);
    return mean;
  }

  /** Bytes that a rank sends for so many tokens, with these algorithms. */
  public static long sentBytes(Algorithms algorithms, int ranks, int rank, int tokens) {
    return 3 * algorithms.allReduce().traffic(ranks, tokens).sentBytes().get(rank);
  }
}
