package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Reduce through shared memory: rank r combines chunk r of all vectors where they are, and stores
 * it in the root's. No other rank touches chunk r.
 *
 * <p><b>Cost</b> 2 steps; rank r loads chunk r from each other rank, and, if it is not the root,
 * stores it there: about S bytes, the root S (p - 1) / p. Memory traffic (p + 1) S, which is the
 * least there can be.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1] for every element, whatever the root.
 *
 * <p><b>Source</b> the two-shot shared-memory all-reduce of DeepSpeed, csrc/cpu/comm/shm.cpp, but
 * storing the result once.
 */
public final class DirectReduce implements Reduce {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op, int root) {
    rank.expose(buffer, offset);
    Elements acc = rank.scratch(0, buffer, Elements.BLOCK);
    int end = Chunks.start(length, rank.rank() + 1, rank.size());
    int start = Chunks.start(length, rank.rank(), rank.size());
    for (int at = start; at < end; at += Elements.BLOCK) {
      int block = Math.min(Elements.BLOCK, end - at);
      rank.combineWindows(op, acc, 0, at, block);
      rank.window(root).copy(rank.windowOffset(root) + at, acc, 0, block);
      rank.countSent(root, block, acc);
    }
    rank.synchronise(1);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks,
        length,
        2,
        rank -> (rank == root ? ranks - 1L : ranks) * Chunks.length(length, rank, ranks),
        (ranks + 1L) * length,
        1);
  }
}
