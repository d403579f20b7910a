package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-gather through shared memory: rank r stores its chunk in the vectors of all. No other rank
 * touches chunk r, so working in place is safe.
 *
 * <p><b>Cost</b> 2 steps; rank r stores its chunk p - 1 times in the vectors of others, about S (p
 * - 1) / p bytes. Memory traffic (p + 1) S, which is the least there can be.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> the second half of the two-shot shared-memory all-reduce of DeepSpeed,
 * csrc/cpu/comm/shm.cpp, but pushing chunks instead of pulling them.
 */
public final class DirectAllGather implements AllGather {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    rank.expose(out, outAt);
    int p = rank.size();
    int start = Chunks.start(length, rank.rank(), p);
    int end = Chunks.start(length, rank.rank() + 1, p);
    for (int at = start; at < end; at += Elements.BLOCK) { // loaded once, stored p times
      int block = Math.min(Elements.BLOCK, end - at);
      for (int distance = 0; distance < p; distance++) { // ranks start with different peers
        int peer = (rank.rank() + distance) % p;
        rank.window(peer).copy(rank.windowOffset(peer) + at, in, inAt + at - start, block);
        rank.countSent(peer, block, in);
      }
    }
    rank.synchronise(1);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2,
        rank -> (ranks - 1L) * Chunks.length(length, rank, ranks),
        (ranks + 1L) * length,
        AllGather.busFactor(ranks));
  }
}
