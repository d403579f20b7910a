package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * DeepSpeed-Ulysses: ranks that have some tokens of all heads exchange them for all tokens of some
 * heads, attend, and exchange back.
 *
 * <p>Each of n ranks holds a run of the tokens, as {@link Placement#CONTIGUOUS} has it, and is sent
 * a / n query heads. It gets k / n key and value heads; where n exceeds k, n / k ranks get the same
 * one. What attends then is another core: one that has nobody to ask, or a ring, see {@link
 * HybridCore}.
 *
 * <p><b>Cost</b> four all-to-alls, of q, k, v and o, each of all sequences: {@link #sentBytes}.
 *
 * <p><b>Source</b> S. Jacobs et al., DeepSpeed Ulysses: System Optimizations for Enabling Training
 * of Extreme Long Sequence Transformer Models, arXiv 2309.14509.
 */
public final class UlyssesCore implements AttentionCore {
  private final Communicator group;
  private final AttentionCore inner;
  private final Meter meter;
  private final HeadShare share;
  private final AttentionShape held;
  private final Placement.Run[][] runs; // [rank][sequence]
  private final int[] querySent;
  private final int[] queryReceived;
  private final int[] keySent;
  private final int[] keyReceived;
  private final float[] out;
  private final float[] in;
  private final Heads[] innerQ;
  private final Heads[] innerK;
  private final Heads[] innerV;
  private final Heads[] innerO;

  /**
   * A core for sequences of these lengths.
   *
   * @param shape tokens of all ranks of the group, and the heads that they divide
   * @param inner attends to all these tokens, with a rank's {@link #share} of the heads
   * @throws IllegalArgumentException if the ranks cannot divide the heads
   */
  public UlyssesCore(Communicator group, AttentionShape shape, AttentionCore inner, Meter meter) {
    this.group = group;
    this.inner = inner;
    this.meter = meter;
    int ranks = group.size();
    int rank = group.rank();
    share = new HeadShare(ranks, shape);
    held = Placement.CONTIGUOUS.held(shape, rank, ranks);
    runs = new Placement.Run[ranks][shape.sequences()];
    for (int peer = 0; peer < ranks; peer++) {
      for (int i = 0; i < shape.sequences(); i++) {
        runs[peer][i] = Placement.CONTIGUOUS.runs(shape.tokens().get(i), peer, ranks).getFirst();
      }
    }
    int[][] queries = lengths(share, share.heads());
    int[][] keys = lengths(share, share.kvHeads());
    querySent = queries[rank];
    keySent = keys[rank];
    queryReceived = transposed(queries)[rank];
    keyReceived = transposed(keys)[rank];
    int most = Math.max(total(querySent), total(queryReceived)); // a rank has no more keys
    out = new float[most];
    in = new float[most];
    innerQ = whole(share.heads());
    innerK = whole(share.kvHeads());
    innerV = whole(share.kvHeads());
    innerO = whole(share.heads());
  }

  /** What the core inside attends to: all tokens, and the heads of one rank. */
  public static AttentionShape share(AttentionShape shape, int ranks) {
    return new HeadShare(ranks, shape).share();
  }

  /** Elements of a tensor by sender, then receiver, on the way from tokens to heads. */
  private static int[][] lengths(HeadShare share, int headsEach) {
    int ranks = share.ranks();
    int[][] lengths = new int[ranks][ranks];
    for (int from = 0; from < ranks; from++) {
      int tokens = Placement.CONTIGUOUS.held(share.shape(), from, ranks).allTokens();
      Arrays.fill(lengths[from], Math.multiplyExact(tokens, headsEach * share.shape().headDim()));
    }
    return lengths;
  }

  private static int[][] transposed(int[][] lengths) {
    int[][] back = new int[lengths.length][lengths.length];
    for (int from = 0; from < lengths.length; from++) {
      for (int to = 0; to < lengths.length; to++) {
        back[to][from] = lengths[from][to];
      }
    }
    return back;
  }

  private static int total(int[] lengths) {
    return Arrays.stream(lengths).reduce(0, Math::addExact);
  }

  private Heads[] whole(int heads) {
    AttentionShape shape = share.shape();
    return shape.tokens().stream()
        .map(tokens -> Heads.zeros(tokens, heads, shape.headDim()))
        .toArray(Heads[]::new);
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    held.check(q, k, v, o);
    toHeads(q, innerQ, false, querySent, queryReceived);
    toHeads(k, innerK, true, keySent, keyReceived);
    toHeads(v, innerV, true, keySent, keyReceived);
    inner.attend(innerQ, innerK, innerV, innerO);
    toTokens(o);
  }

  /** Some tokens of all heads against all tokens of some heads. */
  private void toHeads(Heads[] x, Heads[] whole, boolean keys, int[] sent, int[] received) {
    long startNs = meter.now();
    int each = keys ? share.kvHeads() : share.heads();
    int at = 0;
    for (int to = 0; to < runs.length; to++) {
      int first = keys ? share.firstKvHead(to) : share.firstHead(to);
      for (Heads sequence : x) {
        at = Packing.pack(sequence, 0, sequence.tokens(), first, each, out, at);
      }
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
    group.allToAllV(out, 0, sent, in, 0, received);
    startNs = meter.now();
    at = 0;
    for (Placement.Run[] theirs : runs) {
      for (int i = 0; i < x.length; i++) {
        at = Packing.unpack(in, at, whole[i], theirs[i].first(), theirs[i].tokens(), 0, each);
      }
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /** And back: what queries were received from is what results are sent to. */
  private void toTokens(Heads[] o) {
    long startNs = meter.now();
    int each = share.heads();
    int at = 0;
    for (Placement.Run[] theirs : runs) {
      for (int i = 0; i < o.length; i++) {
        at = Packing.pack(innerO[i], theirs[i].first(), theirs[i].tokens(), 0, each, out, at);
      }
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
    group.allToAllV(out, 0, queryReceived, in, 0, querySent);
    startNs = meter.now();
    at = 0;
    for (int from = 0; from < runs.length; from++) {
      for (Heads sequence : o) {
        at = Packing.unpack(in, at, sequence, 0, sequence.tokens(), share.firstHead(from), each);
      }
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /**
   * Bytes that a rank sends in one call. By messages, a rank with T of s tokens sends {@code (n -
   * 1) T (a + 2 k') d / n} elements of q, k and v, k' being the larger of k and n, and {@code (s -
   * T) a d / n} of o. If n divides the tokens and does not exceed k, that is {@code (2 + 2 / g) s a
   * d (n - 1) / n^2}, with g query heads for each key head.
   *
   * @param shape tokens of all ranks, and the heads that they divide
   */
  public static long sentBytes(AttentionShape shape, int rank, int ranks, AllToAll algorithm) {
    HeadShare share = new HeadShare(ranks, shape);
    int[][] queries = lengths(share, share.heads());
    int[][] keys = lengths(share, share.kvHeads());
    return algorithm.traffic(queries).sentBytes().get(rank)
        + 2 * algorithm.traffic(keys).sentBytes().get(rank)
        + algorithm.traffic(transposed(queries)).sentBytes().get(rank);
  }
}
