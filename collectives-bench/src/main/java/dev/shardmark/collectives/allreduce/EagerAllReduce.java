package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce through shared memory in one step: every rank leaves a copy of its buffer for the
 * others, and reduces all copies for itself. Nobody waits until its copy has been read; the next
 * goes elsewhere. For vectors so short that a second step would cost more than the copy.
 *
 * <p>Long vectors go in blocks of {@link Elements#BLOCK}, a step each.
 *
 * <p><b>Cost</b> ceil(n / {@link Elements#BLOCK}) steps; each rank loads the p - 1 copies of
 * others, (p - 1) S bytes. Memory traffic p (p + 3) S.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1] for every element, so the bits do not
 * depend on n, and all ranks end with the same.
 *
 * <p><b>Source</b> the eager protocol of message passing, which copies what is short so that its
 * sender need not wait; here among all ranks at once.
 */
public final class EagerAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "eager";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    run(rank, buffer, offset, buffer, offset, length, op);
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    for (int at = 0, step = 0; at < length; at += Elements.BLOCK, step++) {
      int block = Math.min(Elements.BLOCK, length - at);
      rank.offer(in, inAt + at, block, step);
      out.combine(op, outAt + at, rank.offered(0), 0, rank.offered(1), 0, block);
      for (int peer = 2; peer < rank.size(); peer++) {
        out.combine(op, outAt + at, rank.offered(peer), 0, block);
      }
      for (int peer = 0; peer < rank.size(); peer++) {
        rank.countSent(peer, block, out);
      }
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
        Math.ceilDiv(length, Elements.BLOCK),
        rank -> (ranks - 1L) * length,
        ranks * (ranks + 3L) * length,
        AllReduce.busFactor(ranks));
  }
}
