package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Ring reduce-scatter: each chunk goes once around the ring, and is combined with that of every
 * rank it comes to.
 *
 * <p><b>Cost</b> p - 1 steps; rank r sends every chunk but its own, S (p - 1) / p bytes when p
 * divides n. Memory traffic 3 (p - 1) S: each combination loads two chunks and stores one.
 *
 * <p><b>Order</b> chunk c is combined ((x[c+1] + x[c+2]) + x[c+3]) + ... + x[c], ranks modulo p.
 *
 * <p><b>Source</b> the first half of the all-reduce of Patarasuk and Yuan, Bandwidth optimal
 * all-reduce algorithms for clusters of workstations, JPDC 69(2), 2009.
 */
public final class RingReduceScatter implements ReduceScatter {
  @Override
  public String parameter() {
    return "ring";
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    int p = rank.size();
    int next = (rank.rank() + 1) % p;
    int prev = (rank.rank() + p - 1) % p;
    int longest = Math.ceilDiv(length, p);
    Elements x = in;
    int xAt = inAt + Chunks.start(length, prev, p);
    for (int step = 0; step < p - 1; step++) {
      int sent = Math.floorMod(rank.rank() - step - 1, p);
      int taken = Math.floorMod(rank.rank() - step - 2, p);
      int takenAt = inAt + Chunks.start(length, taken, p);
      int takenLength = Chunks.length(length, taken, p);
      rank.post(next, x, xAt, Chunks.length(length, sent, p), step);
      boolean last = step == p - 2; // before it two scratches take turns: post waits for the other
      x = last ? out : rank.scratch(step % 2, in, longest);
      xAt = last ? outAt : 0;
      rank.takeCombining(op, prev, x, xAt, in, takenAt, takenLength, step);
    }
    rank.awaitReturn(next, p - 2);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        ranks - 1,
        rank -> length - Chunks.length(length, rank, ranks),
        3L * (ranks - 1) * length,
        ReduceScatter.busFactor(ranks));
  }
}
