package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce as its definition reads: rank 0 receives, combines and sends. Others are tested
 * against it; it is never timed.
 *
 * <p><b>Cost</b> 2 (p - 1) steps; rank 0 sends (p - 1) S bytes, every other rank S.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1]; all ranks end with identical bits.
 *
 * <p><b>Source</b> the definition.
 */
public final class ReferenceAllReduce implements AllReduce {
  @Override
  public String parameter() {
    return "reference";
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    int last = rank.size() - 1;
    if (rank.rank() > 0) {
      rank.post(0, buffer, offset, length, 0);
      rank.awaitReturn(0, 0);
      rank.takeInto(0, buffer, offset, length, last);
      return;
    }
    for (int peer = 1; peer <= last; peer++) {
      rank.takeCombining(op, peer, buffer, offset, length, peer - 1);
    }
    for (int peer = 1; peer <= last; peer++) {
      rank.post(peer, buffer, offset, length, last + peer - 1);
      rank.awaitReturn(peer, last + peer - 1);
    }
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2 * (ranks - 1),
        rank -> (rank == 0 ? ranks - 1L : 1L) * length,
        5L * (ranks - 1) * length, // in: combine 3; out: copy 2
        AllReduce.busFactor(ranks));
  }
}
