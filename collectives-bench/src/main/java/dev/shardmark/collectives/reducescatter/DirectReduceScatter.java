package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Reduce-scatter through shared memory: rank r combines chunk r of all vectors where they are.
 *
 * <p><b>Cost</b> 2 steps; rank r loads chunk r from each other rank, about S (p - 1) / p bytes.
 * Memory traffic (p + 1) S, which is the least there can be.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1] for every element, so the bits do not
 * depend on n, and are those of {@link dev.shardmark.collectives.allreduce.DirectAllReduce}.
 *
 * <p><b>Source</b> the first half of the two-shot shared-memory all-reduce of DeepSpeed,
 * csrc/cpu/comm/shm.cpp.
 */
public final class DirectReduceScatter implements ReduceScatter {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    rank.expose(in, inAt);
    int start = Chunks.start(length, rank.rank(), rank.size());
    int end = Chunks.start(length, rank.rank() + 1, rank.size());
    boolean inPlace = out.isSame(outAt, in, inAt + start); // then needed until its turn comes
    for (int at = start; at < end; at += Elements.BLOCK) {
      int block = Math.min(Elements.BLOCK, end - at);
      int to = outAt + at - start;
      if (inPlace) {
        Elements acc = rank.scratch(0, in, Elements.BLOCK);
        rank.combineWindows(op, acc, 0, at, block);
        out.copy(to, acc, 0, block);
      } else {
        rank.combineWindows(op, out, to, at, block);
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
        ReduceScatter.busFactor(ranks));
  }
}
