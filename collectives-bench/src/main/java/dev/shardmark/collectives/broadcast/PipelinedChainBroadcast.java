package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Broadcast from rank to rank, root, root + 1, ..., modulo p, in segments: while a rank sends one
 * on, the next comes in.
 *
 * <p><b>Cost</b> p - 2 + m steps for m segments; every rank but the last sends S bytes. Memory
 * traffic 2 (p - 1) S.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> the chain of Open MPI, ompi/mca/coll/base/coll_base_bcast.c.
 */
public final class PipelinedChainBroadcast implements Broadcast {
  private final int segments;

  /**
   * A chain.
   *
   * @param segments of a vector, or one of each element if it has fewer; at least 1
   */
  public PipelinedChainBroadcast(int segments) {
    if (segments < 1) {
      throw new IllegalArgumentException("a chain must have a segment: segments=" + segments);
    }
    this.segments = segments;
  }

  @Override
  public String parameter() {
    return "pipelined_chain(" + segments + ")";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, int root) {
    int p = rank.size();
    int place = Math.floorMod(rank.rank() - root, p);
    int next = (rank.rank() + 1) % p;
    int prev = (rank.rank() + p - 1) % p;
    int pieces = pieces(length);
    for (int piece = 0; piece < pieces; piece++) {
      int at = offset + Chunks.start(length, piece, pieces);
      int pieceLength = Chunks.length(length, piece, pieces);
      if (place > 0) {
        rank.takeInto(prev, buffer, at, pieceLength, place - 1 + piece);
      }
      if (place < p - 1) {
        rank.post(next, buffer, at, pieceLength, place + piece);
      }
    }
    rank.awaitReturn(next, place + pieces - 1);
  }

  private int pieces(int length) {
    return Math.min(segments, length);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks,
        length,
        ranks - 2 + pieces(length),
        rank -> (rank + 1) % ranks == root ? 0 : length,
        2L * (ranks - 1) * length,
        1);
  }
}
