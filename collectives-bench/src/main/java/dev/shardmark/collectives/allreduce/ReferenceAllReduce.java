package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce as its definition reads: rank 0 receives, combines and sends. Others are tested
 * against it; it allocates and is never timed.
 *
 * <p><b>Cost</b> 2 (p - 1) steps; rank 0 sends (p - 1) S bytes, every other rank S.
 *
 * <p><b>Order</b> ((x[0] + x[1]) + x[2]) + ... + x[p-1]; all ranks end with identical bits.
 *
 * <p><b>Source</b> the definition.
 */
public final class ReferenceAllReduce implements AllReduce {
  @Override
  public void run(Rank rank, float[] buffer, int offset, int length, ReduceOp op) {
    if (rank.rank() > 0) {
      rank.send(0, buffer, offset, length);
      rank.receive(0, buffer, offset, length);
      return;
    }
    float[] in = new float[length];
    for (int peer = 1; peer < rank.size(); peer++) {
      rank.receive(peer, in, 0, length);
      for (int i = 0; i < length; i++) {
        buffer[offset + i] = op.apply(buffer[offset + i], in[i]);
      }
    }
    for (int peer = 1; peer < rank.size(); peer++) {
      rank.send(peer, buffer, offset, length);
    }
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return Traffic.ofElements(
        ranks,
        length,
        2 * (ranks - 1),
        rank -> (rank == 0 ? ranks - 1L : 1L) * length,
        // in: copy 2, combine 3; out: copy 2
        7L * (ranks - 1) * length,
        AllReduce.busFactor(ranks));
  }
}
