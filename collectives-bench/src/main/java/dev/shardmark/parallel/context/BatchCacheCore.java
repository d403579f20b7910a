package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Decode with whole caches divided among ranks: tensor ranks, which have some heads of all
 * sequences, exchange them for all heads of some sequences, attend, and exchange back.
 *
 * <p>Sequences are dealt to ranks in runs. Where n ranks exceed k key and value heads, so that some
 * have the same one, the first of these sends it.
 *
 * <p><b>Cost</b> two all-to-alls, of q, k and v together and of o: {@link #sentBytes}.
 *
 * <p><b>Source</b> R. Pope et al., Efficiently Scaling Transformer Inference, arXiv 2211.05102,
 * section 3.3.
 */
public final class BatchCacheCore implements AttentionCore {
  private final Communicator group;
  private final AttentionCore inner;
  private final Meter meter;
  private final HeadShare share;
  private final AttentionShape held;
  private final int[] sent;
  private final int[] received;
  private final int[] backSent;
  private final int[] backReceived;
  private final float[] out;
  private final float[] in;
  private final Heads[] innerQ;
  private final Heads[] innerK;
  private final Heads[] innerV;
  private final Heads[] innerO;

  /**
   * A core for steps of so many new tokens.
   *
   * @param shape new tokens of each sequence, and the heads that ranks divide
   * @param inner attends to the sequences of this rank, {@link AttentionShape#sequencesOf}, with
   *     all heads, over its caches
   * @throws IllegalArgumentException if the ranks cannot divide the heads
   */
  public BatchCacheCore(
      Communicator group, AttentionShape shape, AttentionCore inner, Meter meter) {
    this.group = group;
    this.inner = inner;
    this.meter = meter;
    int ranks = group.size();
    int rank = group.rank();
    share = new HeadShare(ranks, shape);
    held = share.share();
    int[][] there = lengths(share);
    int[][] back = backLengths(share);
    sent = there[rank];
    received = column(there, rank);
    backSent = back[rank];
    backReceived = column(back, rank);
    out = new float[Math.max(Arrays.stream(sent).sum(), Arrays.stream(backSent).sum())];
    in = new float[Math.max(Arrays.stream(received).sum(), Arrays.stream(backReceived).sum())];
    AttentionShape own = shape.sequencesOf(rank, ranks);
    innerQ = whole(own, shape.heads());
    innerK = whole(own, shape.kvHeads());
    innerV = whole(own, shape.kvHeads());
    innerO = whole(own, shape.heads());
  }

  /** Elements of q, k and v by sender, then receiver. */
  private static int[][] lengths(HeadShare share) {
    AttentionShape shape = share.shape();
    int ranks = share.ranks();
    int[][] lengths = new int[ranks][ranks];
    for (int from = 0; from < ranks; from++) {
      int kv = share.isFirstHolder(from) ? 2 * share.kvHeads() : 0;
      int width = (share.heads() + kv) * shape.headDim();
      for (int to = 0; to < ranks; to++) {
        lengths[from][to] = Math.multiplyExact(width, shape.sequencesOf(to, ranks).allTokens());
      }
    }
    return lengths;
  }

  /** Elements of o by sender, then receiver. */
  private static int[][] backLengths(HeadShare share) {
    AttentionShape shape = share.shape();
    int ranks = share.ranks();
    int[][] lengths = new int[ranks][ranks];
    for (int from = 0; from < ranks; from++) {
      int tokens = shape.sequencesOf(from, ranks).allTokens();
      Arrays.fill(lengths[from], Math.multiplyExact(tokens, share.heads() * shape.headDim()));
    }
    return lengths;
  }

  private static int[] column(int[][] lengths, int to) {
    return Arrays.stream(lengths).mapToInt(row -> row[to]).toArray();
  }

  private static Heads[] whole(AttentionShape own, int heads) {
    return own.tokens().stream()
        .map(tokens -> Heads.zeros(tokens, heads, own.headDim()))
        .toArray(Heads[]::new);
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    held.check(q, k, v, o);
    long startNs = meter.now();
    packHeads(q, k, v);
    meter.computed(LayerOperation.ATTENTION, startNs);
    group.allToAllV(out, 0, sent, in, 0, received);
    startNs = meter.now();
    unpackSequences();
    meter.computed(LayerOperation.ATTENTION, startNs);
    inner.attend(innerQ, innerK, innerV, innerO);
    startNs = meter.now();
    packSequences();
    meter.computed(LayerOperation.ATTENTION, startNs);
    group.allToAllV(out, 0, backSent, in, 0, backReceived);
    startNs = meter.now();
    int at = 0;
    for (Heads sequence : o) { // the ranks' runs of sequences follow each other
      at = Packing.unpack(in, at, sequence);
    }
    meter.computed(LayerOperation.ATTENTION, startNs);
  }

  /** The new tokens of each rank's sequences; these runs follow each other. */
  private void packHeads(Heads[] q, Heads[] k, Heads[] v) {
    boolean sendsKeys = share.isFirstHolder(group.rank());
    int at = 0;
    for (int i = 0; i < q.length; i++) {
      at = Packing.pack(q[i], out, at);
      if (sendsKeys) {
        at = Packing.pack(k[i], out, at);
        at = Packing.pack(v[i], out, at);
      }
    }
  }

  private void unpackSequences() {
    int kv = share.kvHeads();
    int at = 0;
    for (int from = 0; from < share.ranks(); from++) {
      int head = share.firstHead(from);
      int kvHead = share.firstKvHead(from);
      for (int i = 0; i < innerQ.length; i++) {
        int tokens = innerQ[i].tokens();
        at = Packing.unpack(in, at, innerQ[i], 0, tokens, head, share.heads());
        if (share.isFirstHolder(from)) {
          at = Packing.unpack(in, at, innerK[i], 0, tokens, kvHead, kv);
          at = Packing.unpack(in, at, innerV[i], 0, tokens, kvHead, kv);
        }
      }
    }
  }

  private void packSequences() {
    int at = 0;
    for (int to = 0; to < share.ranks(); to++) {
      for (Heads sequence : innerO) {
        int head = share.firstHead(to);
        at = Packing.pack(sequence, 0, sequence.tokens(), head, share.heads(), out, at);
      }
    }
  }

  /**
   * Bytes that a rank sends in one call. If n divides k and the sequences, with T new tokens in
   * all, that is {@code (2 a + 2 k) T d (n - 1) / n^2} elements.
   *
   * @param shape new tokens of each sequence, and the heads that ranks divide
   */
  public static long sentBytes(AttentionShape shape, int rank, int ranks, AllToAll algorithm) {
    HeadShare share = new HeadShare(ranks, shape);
    return algorithm.traffic(lengths(share)).sentBytes().get(rank)
        + algorithm.traffic(backLengths(share)).sentBytes().get(rank);
  }
}
