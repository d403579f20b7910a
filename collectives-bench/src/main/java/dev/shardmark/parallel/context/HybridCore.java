package dev.shardmark.parallel.context;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.alltoall.AllToAll;
import dev.shardmark.kernels.attention.Attention;
import dev.shardmark.kernels.attention.Heads;
import dev.shardmark.parallel.AttentionCore;
import dev.shardmark.parallel.Meter;
import java.util.Arrays;

/**
 * Unified sequence parallelism: {@link UlyssesCore} inside, {@link RingCore} outside.
 *
 * <p>A grid of n Ulysses ranks and c ring ranks. The {@link Placement} deals tokens to c parts; the
 * n ranks of a part hold a run of it each, and exchange that for all of the part's tokens of some
 * heads, which go round among the c ranks with the same heads.
 *
 * <p><b>Cost</b> that of both, {@link #sentBytes}: the ring has its share of the heads only.
 *
 * <p><b>Source</b> J. Fang and S. Zhao, USP: A Unified Sequence Parallelism Approach for Long
 * Context Generative AI, arXiv 2405.07719.
 */
public final class HybridCore implements AttentionCore {
  private final AttentionCore core;

  /**
   * A core for sequences of these lengths.
   *
   * @param ulysses the ranks that hold the same part of the placement
   * @param ring the ranks, one of each part, that get the same heads
   * @param shape tokens of both groups' ranks, and the heads that Ulysses ranks divide
   * @param kernel of this rank alone
   * @throws IllegalArgumentException if ranks cannot divide the heads or the tokens
   */
  public HybridCore(
      Communicator ulysses,
      Communicator ring,
      Placement placement,
      AttentionShape shape,
      Attention kernel,
      Meter meter) {
    AttentionShape share = UlyssesCore.share(shape, ulysses.size());
    AttentionShape part = placement.held(shape, ring.rank(), ring.size());
    AttentionCore inner = new RingCore(ring, placement, share, kernel, meter);
    core = new UlyssesCore(ulysses, part, inner, meter);
  }

  @Override
  public void attend(Heads[] q, Heads[] k, Heads[] v, Heads[] o) {
    core.attend(q, k, v, o);
  }

  /** Where the tokens of a rank stand in the sequence: what rotates its queries and keys. */
  public static int[] positions(
      int tokens,
      Placement placement,
      int ulyssesRank,
      int ulyssesRanks,
      int ringRank,
      int ringRanks) {
    int[] part = placement.positions(tokens, ringRank, ringRanks);
    int from = Chunks.start(part.length, ulyssesRank, ulyssesRanks);
    int to = Chunks.start(part.length, ulyssesRank + 1, ulyssesRanks);
    return Arrays.copyOfRange(part, from, to);
  }

  /** Bytes that a rank sends in one call. */
  public static long sentBytes(
      AttentionShape shape,
      Placement placement,
      int ulyssesRank,
      int ulyssesRanks,
      int ringRank,
      int ringRanks,
      AllToAll algorithm) {
    AttentionShape part = placement.held(shape, ringRank, ringRanks);
    AttentionShape share = UlyssesCore.share(shape, ulyssesRanks);
    return UlyssesCore.sentBytes(part, ulyssesRank, ulyssesRanks, algorithm)
        + RingCore.sentBytes(share, placement, ringRank, ringRanks);
  }
}
