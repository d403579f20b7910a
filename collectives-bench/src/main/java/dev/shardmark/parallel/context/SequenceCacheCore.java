package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.kernels.attention.CachedAttention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Decode with the tokens of each cache divided among ranks, see {@link StripedCache}, and the new
 * tokens too: a rank has the queries of a run of the sequences.
 *
 * <p>All ranks gather all new q, k and v in one message. Each appends the tokens that fall to it,
 * attends with all queries to what it has cached, and sends O and lse to the rank that asked, which
 * merges them by {@link dev.shardmark.kernels.attention.Attention#merge}.
 *
 * <p><b>Cost</b> an all-gather and an all-to-all, {@link #sentBytes}. K and V are gathered though
 * one rank needs them, {@code 2 k d} elements of a token beside {@code a d}: that saves a message.
 *
 * <p><b>Order</b> partial results are merged in the order of the ranks.
 *
 * <p><b>Source</b> A. Yang et al., Context Parallelism for Scalable Million-Token Inference, arXiv
 * 2411.01783; merging: T. Dao et al., Flash-Decoding for long-context inference, 2023.
 */
public final class SequenceCacheCore implements AttentionCore {
  private final Communicator group;
  private final Meter meter;
  private final AttentionShape held;
  private final CachedPart part;
  private final int stride;
  private final float[] gathered;
  private final Heads[] allQ;
  private final Heads[] allK;
  private final Heads[] allV;
  private final int[] sent;
  private final int[] received;
  private final float[] out;
  private final float[] in;
  private final Partials[] results;

  /**
   * A core for steps of so many new tokens.
   *
   * @param shape new tokens of each sequence of all ranks; sequences are dealt to ranks in runs
   * @param cache of all these sequences, what this rank has of them
   * @param kernel of this rank alone
   */
  public SequenceCacheCore(
      Communicator group,
      AttentionShape shape,
      StripedCache cache,
      CachedAttention kernel,
      Meter meter) {
    this.group = group;
    this.meter = meter;
    int ranks = group.size();
    held = shape.sequencesOf(group.rank(), ranks);
    stride = stride(shape, ranks);
    gathered = new float[Math.multiplyExact(ranks, stride)];
    allQ = new Heads[shape.sequences()];
    allK = new Heads[shape.sequences()];
    allV = new Heads[shape.sequences()];
    for (int rank = 0, i = 0; rank < ranks; rank++) {
      int at = rank * stride;
      for (int tokens : shape.sequencesOf(rank, ranks).tokens()) {
        int dim = shape.headDim();
        allQ[i] = Packing.view(gathered, at, tokens, shape.heads(), dim);
        at += tokens * shape.heads() * dim;
        allK[i] = Packing.view(gathered, at, tokens, shape.kvHeads(), dim);
        at += tokens * shape.kvHeads() * dim;
        allV[i] = Packing.view(gathered, at, tokens, shape.kvHeads(), dim);
        at += tokens * shape.kvHeads() * dim;
        i++;
      }
    }
    sent = lengths(shape, ranks)[0];
    received = new int[ranks];
    Arrays.fill(received, sent[group.rank()]);
    out = new float[Partials.length(shape)];
    in = new float[Math.multiplyExact(ranks, sent[group.rank()])];
    part = new CachedPart(cache, shape, kernel, new Partials(out, 0, shape), meter);
    results = new Partials[ranks];
    Arrays.setAll(results, rank -> new Partials(in, rank * sent[group.rank()], held));
  }

  /** Elements of each rank in the gathered message: the most that one has, others leave a gap. */
  private static int stride(AttentionShape shape, int ranks) {
    int most = 0;
    for (int rank = 0; rank < ranks; rank++) {
      most = Math.max(most, shape.sequencesOf(rank, ranks).allTokens());
    }
    return Math.multiplyExact(most, shape.heads() * shape.headDim() + shape.kvWidth());
  }

  /** Elements of partial results by sender, then receiver. */
  private static int[][] lengths(AttentionShape shape, int ranks) {
    int[] toEach = new int[ranks];
    Arrays.setAll(toEach, rank -> Partials.length(shape.sequencesOf(rank, ranks)));
    int[][] lengths = new int[ranks][];
    Arrays.fill(lengths, toEach);
    return lengths;
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    held.check(q, k, v, o);
    long startNs = meter.now();
    int own = group.rank() * stride;
    int at = own;
    for (int i = 0; i < q.length; i++) {
      at = Packing.pack(q[i], gathered, at);
      at = Packing.pack(k[i], gathered, at);
      at = Packing.pack(v[i], gathered, at);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
    group.allGather(gathered, own, gathered, 0, gathered.length);
    for (int i = 0; i < allQ.length; i++) {
      part.attend(i, allQ[i], allK[i], allV[i]);
    }
    group.allToAllV(out, 0, sent, in, 0, received);
    startNs = meter.now();
    for (int i = 0; i < o.length; i++) {
      Partials.merge(results, i, o[i]);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /**
   * Bytes that a rank sends in one call. If the new tokens, T in all, divide evenly, that is {@code
   * T (a + 2 k) d (n - 1) / n} elements of q, k and v, and {@code T a (d + 1) (n - 1) / n} of O and
   * lse.
   */
  public static long sentBytes(AttentionShape shape, int rank, int ranks, Algorithms algorithms) {
    int gathered = Math.multiplyExact(ranks, stride(shape, ranks));
    return algorithms.allGather().traffic(ranks, gathered).sentBytes().get(rank)
        + algorithms.allToAll().traffic(lengths(shape, ranks)).sentBytes().get(rank);
  }
}
