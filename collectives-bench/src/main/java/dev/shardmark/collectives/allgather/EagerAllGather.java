package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-gather through shared memory in one step: every rank leaves a copy of its chunk for the
 * others. Nobody waits until its copy has been read. For vectors so short that a second step would
 * cost more than the copy.
 *
 * <p><b>Cost</b> 1 step; rank r loads the chunks of others, about S (p - 1) / p bytes. Memory
 * traffic 2 (p + 1) S.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> the eager protocol of message passing, among all ranks at once.
 */
public final class EagerAllGather implements AllGather {
  @Override
  public String parameter() {
    return "eager";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    int p = rank.size();
    rank.offer(in, inAt, Chunks.length(length, rank.rank(), p), 0);
    for (int peer = 0; peer < p; peer++) {
      int at = outAt + Chunks.start(length, peer, p);
      int chunk = Chunks.length(length, peer, p);
      if (peer == rank.rank()) {
        out.copy(at, in, inAt, chunk);
      } else {
        out.copy(at, rank.offered(peer), 0, chunk);
        rank.countSent(peer, chunk, out);
      }
    }
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        1,
        rank -> (long) length - Chunks.length(length, rank, ranks),
        2 * (ranks + 1L) * length,
        AllGather.busFactor(ranks));
  }
}
