package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Ring all-gather: in step k, each rank hands on the chunk it got in the step before.
 *
 * <p><b>Cost</b> p - 1 steps; rank r sends every chunk but that of r + 1, S (p - 1) / p bytes when
 * p divides n. Memory traffic 2 p S: every rank loads and stores every chunk, its own included.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> the second half of the all-reduce of Patarasuk and Yuan, Bandwidth optimal
 * all-reduce algorithms for clusters of workstations, JPDC 69(2), 2009.
 */
public final class RingAllGather implements AllGather {
  @Override
  public String parameter() {
    return "ring";
  }

  @Override
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    int p = rank.size();
    int next = (rank.rank() + 1) % p;
    int prev = (rank.rank() + p - 1) % p;
    int mine = Chunks.length(length, rank.rank(), p);
    out.copy(outAt + Chunks.start(length, rank.rank(), p), in, inAt, mine);
    for (int step = 0; step < p - 1; step++) {
      int sent = Math.floorMod(rank.rank() - step, p);
      int taken = Math.floorMod(rank.rank() - step - 1, p);
      int sentAt = outAt + Chunks.start(length, sent, p);
      int takenAt = outAt + Chunks.start(length, taken, p);
      rank.post(next, out, sentAt, Chunks.length(length, sent, p), step);
      rank.takeInto(prev, out, takenAt, Chunks.length(length, taken, p), step);
    }
    rank.awaitReturn(next, p - 2);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        ranks - 1,
        rank -> length - Chunks.length(length, (rank + 1) % ranks, ranks),
        2L * ranks * length,
        AllGather.busFactor(ranks));
  }
}
