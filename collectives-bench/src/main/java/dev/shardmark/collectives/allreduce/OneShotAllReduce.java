package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce through shared memory in one shot: every rank reduces all buffers whole, for itself.
 * Nobody waits for a result of another, which suits vectors so short that waiting costs most.
 *
 * <p><b>Cost</b> 2 steps; each rank loads the p - 1 buffers of others, (p - 1) S bytes. Memory
 * traffic p (p + 3) S in place, where the result is kept apart until all ranks have read; p (p + 1)
 * S out of place.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1] for every element, so the bits do not
 * depend on n, and all ranks end with the same.
 *
 * <p><b>Source</b> the symmetric shared-memory all-reduce of DeepSpeed, csrc/cpu/comm/shm.cpp, but
 * reading the buffers of others where they are.
 */
public final class OneShotAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "one_shot";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    Elements result = rank.scratch(0, buffer, length);
    rank.expose(buffer, offset);
    reduce(rank, result, 0, length, op);
    rank.synchronise(1);
    buffer.copy(offset, result, 0, length);
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    if (in == out && inAt == outAt) {
      run(rank, out, outAt, length, op);
      return;
    }
    rank.expose(in, inAt);
    reduce(rank, out, outAt, length, op);
    rank.synchronise(1);
  }

  private static void reduce(Rank rank, Elements out, int outAt, int length, ReduceOp op) {
    for (int at = 0; at < length; at += Elements.BLOCK) {
      int block = Math.min(Elements.BLOCK, length - at);
      out.copy(outAt + at, rank.window(0), rank.windowOffset(0) + at, block);
      for (int peer = 1; peer < rank.size(); peer++) {
        out.combine(op, outAt + at, rank.window(peer), rank.windowOffset(peer) + at, block);
      }
    }
    for (int peer = 0; peer < rank.size(); peer++) {
      rank.countSent(peer, length, out);
    }
  }

  @Override
  public long combined(int ranks, int length) {
    return (ranks - 1L) * length;
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2,
        rank -> (ranks - 1L) * length,
        ranks * (ranks + 3L) * length,
        AllReduce.busFactor(ranks));
  }
}
