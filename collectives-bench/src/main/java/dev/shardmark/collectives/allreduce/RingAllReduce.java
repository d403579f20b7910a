package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Ring all-reduce: reduce-scatter, then all-gather, around one ring.
 *
 * <p><b>Cost</b> 2 (p - 1) steps; rank r sends every chunk twice, but r + 1 and r + 2 once: 2 S (p
 * - 1) / p bytes when p divides n. Memory traffic 5 (p - 1) S: a reduction loads two chunks and
 * stores one, a copy loads one and stores one.
 *
 * <p><b>Order</b> chunk c is combined ((x[c] + x[c+1]) + x[c+2]) + ... + x[c-1], ranks modulo p,
 * once, then copied: all ranks end with identical bits.
 *
 * <p><b>Source</b> Patarasuk and Yuan, Bandwidth optimal all-reduce algorithms for clusters of
 * workstations, JPDC 69(2), 2009.
 */
public final class RingAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "ring";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int p = rank.size();
    int next = (rank.rank() + 1) % p;
    int prev = (rank.rank() + p - 1) % p;
    int steps = 2 * (p - 1);
    for (int step = 0; step < steps; step++) {
      int out = Math.floorMod(rank.rank() - step, p);
      int in = Math.floorMod(rank.rank() - step - 1, p);
      int outAt = offset + Chunks.start(length, out, p);
      int inAt = offset + Chunks.start(length, in, p);
      int inLength = Chunks.length(length, in, p);
      rank.post(next, buffer, outAt, Chunks.length(length, out, p), step);
      if (step < p - 1) { // reduce-scatter: I end owning chunk rank + 1
        rank.takeCombining(op, prev, buffer, inAt, inLength, step);
      } else { // all-gather: finished chunks go round
        rank.takeInto(prev, buffer, inAt, inLength, step);
      }
    }
    rank.awaitReturn(next, steps - 1);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2 * (ranks - 1),
        rank -> sentElements(ranks, length, rank),
        5L * (ranks - 1) * length,
        AllReduce.busFactor(ranks));
  }

  static long sentElements(int ranks, int length, int rank) {
    return 2L * length
        - Chunks.length(length, (rank + 1) % ranks, ranks)
        - Chunks.length(length, (rank + 2) % ranks, ranks);
  }
}
