package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.allgather.AllGather;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Decode with the tokens of each cache divided among ranks, see {@link StripedCache}, where all
 * ranks have the same new tokens, as one long sequence needs it: {@link SequenceCacheCore} has
 * nothing to divide there.
 *
 * <p>Each rank appends the tokens that fall to it and attends to what it has cached; all gather all
 * O and lse and merge them, each for itself.
 *
 * <p><b>Cost</b> an all-gather, {@link #sentBytes}.
 *
 * <p><b>Order</b> partial results are merged in the order of the ranks: all end with the same bits.
 *
 * <p><b>Source</b> as {@link SequenceCacheCore}.
 */
public final class ReplicatedQueryCore implements AttentionCore {
  private final Communicator group;
  private final Meter meter;
  private final AttentionShape shape;
  private final CachedPart part;
  private final int length;
  private final float[] gathered;
  private final Partials[] results;

  /**
   * A core for steps of so many new tokens.
   *
   * @param shape new tokens of each sequence, which all ranks have
   * @param cache of all these sequences, what this rank has of them
   * @param kernel of this rank alone
   */
  public ReplicatedQueryCore(
      Communicator group,
      AttentionShape shape,
      StripedCache cache,
      CachedAttention kernel,
      Meter meter) {
    this.group = group;
    this.meter = meter;
    this.shape = shape;
    length = Partials.length(shape);
    gathered = new float[Math.multiplyExact(group.size(), length)];
    results = new Partials[group.size()];
    Arrays.setAll(results, rank -> new Partials(gathered, rank * length, shape));
    part = new CachedPart(cache, shape, kernel, results[group.rank()], meter);
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    shape.check(q, k, v, o);
    for (int i = 0; i < q.length; i++) {
      part.attend(i, q[i], k[i], v[i]);
    }
    group.allGather(gathered, group.rank() * length, gathered, 0, gathered.length);
    long startNs = meter.now();
    for (int i = 0; i < o.length; i++) {
      Partials.merge(results, i, o[i]);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /** Bytes that a rank sends in one call: {@code T a (d + 1) (n - 1)} elements for T new tokens. */
  public static long sentBytes(AttentionShape shape, int rank, int ranks, AllGather algorithm) {
    int gathered = Math.multiplyExact(ranks, Partials.length(shape));
    return algorithm.traffic(ranks, gathered).sentBytes().get(rank);
  }
}
