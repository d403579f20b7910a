package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce through shared memory: rank r reduces chunk r of all buffers and stores it in all of
 * them. No other rank touches chunk r, so working in place is safe.
 *
 * <p><b>Cost</b> 2 steps; rank r moves 2 (p - 1) times chunk r to or from the buffers of others,
 * about 2 S (p - 1) / p bytes. Memory traffic 2 p S, which is the least there can be.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1] for every element, so the bits do not
 * depend on n, and all ranks end with the same.
 *
 * <p><b>Source</b> the two-shot shared-memory all-reduce of DeepSpeed, csrc/cpu/comm/shm.cpp, but
 * pushing results instead of pulling them.
 */
public final class DirectAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    rank.expose(buffer, offset);
    int end = Chunks.start(length, rank.rank() + 1, rank.size());
    for (int at = Chunks.start(length, rank.rank(), rank.size()); at < end; at += Elements.BLOCK) {
      reduceBlock(rank, at, Math.min(Elements.BLOCK, end - at), op);
    }
    rank.synchronise(1);
  }

  /** Reduces into rank 0's window, which gives absolute rank order without scratch memory. */
  private static void reduceBlock(Rank rank, int at, int length, ReduceOp op) {
    Elements acc = rank.window(0);
    int accAt = rank.windowOffset(0) + at;
    int last = rank.size() - 1;
    for (int peer = 1; peer < last; peer++) {
      acc.combine(op, accAt, rank.window(peer), rank.windowOffset(peer) + at, length);
    }
    acc.combineIntoBoth(op, accAt, rank.window(last), rank.windowOffset(last) + at, length);
    for (int peer = 1; peer < last; peer++) {
      rank.window(peer).copy(rank.windowOffset(peer) + at, acc, accAt, length);
    }
    for (int peer = 0; peer < rank.size(); peer++) {
      rank.countSent(peer, 2L * length, acc); // one load and one store
    }
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2,
        rank -> 2L * (ranks - 1) * Chunks.length(length, rank, ranks),
        2L * ranks * length,
        AllReduce.busFactor(ranks));
  }
}
