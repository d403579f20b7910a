package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.allgather.AllGather;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;

/**
 * Context parallelism of Llama 3: all ranks gather all K and V, put them into the order of the
 * sequence, and attend with their own queries, run by run.
 *
 * <p>Nothing is merged, and nothing can overlap with the gathering. A run of queries sees the keys
 * up to its own end, so that it is one causal call; a placement in stripes makes one for each
 * query.
 *
 * <p><b>Cost</b> one all-gather, {@link #sentBytes}. K and V of whole sequences twice: as they
 * come, and in order. Work is {@link Placement#pairs}.
 *
 * <p><b>Source</b> Llama team, The Llama 3 Herd of Models, arXiv 2407.21783, section 3.3.2.
 */
public final class AllGatherCore implements AttentionCore {
  private final Communicator context;
  private final AttentionShape held;
  private final Attention kernel;
  private final Meter meter;
  private final float scale;
  private final int stride;
  private final float[] gathered;
  private final Placement.Run[][][] runs; // [rank][sequence]
  private final Heads[] allK;
  private final Heads[] allV;
  private final Part[][] parts; // [sequence]

  /**
   * A core for sequences of these lengths.
   *
   * @param shape tokens of all context ranks, heads of this one
   * @param kernel of this rank alone
   * @throws IllegalArgumentException if the placement cannot divide the tokens
   */
  public AllGatherCore(
      Communicator context,
      Placement placement,
      AttentionShape shape,
      Attention kernel,
      Meter meter) {
    this.context = context;
    this.kernel = kernel;
    this.meter = meter;
    scale = AttentionCore.scale(shape.headDim());
    int ranks = context.size();
    int sequences = shape.sequences();
    held = placement.held(shape, context.rank(), ranks);
    stride = stride(shape, placement, ranks);
    gathered = new float[Math.multiplyExact(ranks, stride)];
    runs = new Placement.Run[ranks][sequences][];
    allK = new Heads[sequences];
    allV = new Heads[sequences];
    parts = new Part[sequences][];
    for (int i = 0; i < sequences; i++) {
      int tokens = shape.tokens().get(i);
      for (int rank = 0; rank < ranks; rank++) {
        runs[rank][i] = placement.runs(tokens, rank, ranks).toArray(Placement.Run[]::new);
      }
      allK[i] = Heads.zeros(tokens, shape.kvHeads(), shape.headDim());
      allV[i] = Heads.zeros(tokens, shape.kvHeads(), shape.headDim());
      Placement.Run[] own = runs[context.rank()][i];
      parts[i] = new Part[own.length];
      int query = 0;
      for (int run = 0; run < own.length; run++) {
        parts[i][run] = new Part(query, own[run], allK[i], allV[i], shape.heads());
        query += own[run].tokens();
      }
    }
  }

  /** A run of queries, and the keys that its last one sees. */
  private static final class Part {
    private final Heads k;
    private final Heads v;
    private final TokenSlice q;
    private final TokenSlice o;
    private final Matrix lse;

    Part(int query, Placement.Run run, Heads k, Heads v, int heads) {
      this.k = k.slice(0, run.first() + run.tokens());
      this.v = v.slice(0, run.first() + run.tokens());
      q = new TokenSlice(query, run.tokens());
      o = new TokenSlice(query, run.tokens());
      lse = Matrix.zeros(run.tokens(), heads);
    }
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    held.check(q, k, v, o);
    long startNs = meter.now();
    int own = context.rank() * stride;
    int at = own;
    for (int i = 0; i < q.length; i++) {
      at = Packing.pack(k[i], gathered, at);
      at = Packing.pack(v[i], gathered, at);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
    context.allGather(gathered, own, gathered, 0, gathered.length);
    startNs = meter.now();
    for (int rank = 0; rank < runs.length; rank++) {
      unpack(rank);
    }
    for (int i = 0; i < q.length; i++) {
      for (Part part : parts[i]) {
        kernel.attend(scale, true, part.q.of(q[i]), part.k, part.v, part.o.of(o[i]), part.lse);
      }
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /** Puts the K and V of a rank where they belong in the sequences. */
  private void unpack(int rank) {
    int at = rank * stride;
    for (int i = 0; i < allK.length; i++) {
      at = unpack(at, runs[rank][i], allK[i]);
      at = unpack(at, runs[rank][i], allV[i]);
    }
  }

  private int unpack(int from, Placement.Run[] places, Heads all) {
    int at = from;
    for (Placement.Run run : places) {
      at = Packing.unpack(gathered, at, all, run.first(), run.tokens(), 0, all.heads());
    }
    return at;
  }

  /** Elements of each rank in the gathered message: the most that one has, others leave a gap. */
  private static int stride(AttentionShape shape, Placement placement, int ranks) {
    int most = 0;
    for (int rank = 0; rank < ranks; rank++) {
      most = Math.max(most, placement.held(shape, rank, ranks).allTokens());
    }
    return Math.multiplyExact(most, shape.kvWidth());
  }

  /**
   * Bytes that a rank sends in one call: as many elements for every rank as the one with most
   * tokens has of K and V, c - 1 times. If c divides the tokens, that is {@code 2 s k d (c - 1) /
   * c}.
   */
  public static long sentBytes(
      AttentionShape shape, Placement placement, int rank, int ranks, AllGather algorithm) {
    int length = Math.multiplyExact(ranks, stride(shape, placement, ranks));
    return algorithm.traffic(ranks, length).sentBytes().get(rank);
  }
}
