package dev.shardmark.parallel.expert;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.Meter;
import dev.shardmark.parallel.Sublayer;

/**
 * Experts where tensor ranks hold the same tokens: each rank hands on its part of them alone, and
 * an all-gather brings back the rest. Without it, every tensor rank sends all tokens, and experts
 * compute each as many times.
 *
 * <p>Parts have ceil(T / t) tokens; the last ones fewer, or none. What is gathered is padded to
 * equal parts.
 *
 * <p><b>Cost</b> {@link #sentBytes}, and 1 / t of what the experts' dispatch would send.
 *
 * <p><b>Source</b> S. Singh et al., A Hybrid Tensor-Expert-Data Parallelism Approach to Optimize
 * Mixture-of-Experts Training, arXiv 2303.06318, 2023: duplicate token dropping.
 */
public final class DuplicateDropping implements Sublayer {
  private final Communicator tensor;
  private final Sublayer experts;
  private final Meter meter;
  private final RowBuffer mine;
  private final RowBuffer partial;
  private final RowBuffer gathered;

  /**
   * A sublayer of one rank.
   *
   * @param experts for some of the tokens
   */
  public DuplicateDropping(Communicator tensor, Sublayer experts, int hidden, Meter meter) {
    this.tensor = tensor;
    this.experts = experts;
    this.meter = meter;
    mine = new RowBuffer(hidden, 1);
    partial = new RowBuffer(hidden, 1);
    gathered = new RowBuffer(hidden, 1);
  }

  @Override
  public void apply(Matrix normed, Matrix added) {
    int tokens = normed.rows();
    int each = part(tokens, tensor.size());
    int first = Math.min(tokens, tensor.rank() * each);
    int count = Math.min(tokens - first, each);
    Matrix in = mine.rows(count);
    copy(normed, first, in, count);
    Matrix chunk = partial.rows(each);
    experts.apply(in, partial.rows(count));
    Matrix all = gathered.rows(each * tensor.size());
    int length = all.rows() * normed.cols();
    tensor.allGather(chunk.data(), chunk.offset(), all.data(), all.offset(), length);
    copy(all, 0, added, tokens);
  }

  private void copy(Matrix from, int first, Matrix to, int count) {
    long sinceNs = meter.now();
    int at = from.offset() + first * from.cols();
    System.arraycopy(from.data(), at, to.data(), to.offset(), count * from.cols());
    meter.computed(LayerOperation.PERMUTE, sinceNs);
  }

  private static int part(int tokens, int ranks) {
    return Math.ceilDiv(tokens, ranks);
  }

  /** Bytes a rank sends to the other tensor ranks. */
  public static long sentBytes(int tokens, int ranks, int hidden) {
    return (long) Float.BYTES * (ranks - 1) * part(tokens, ranks) * hidden;
  }
}
