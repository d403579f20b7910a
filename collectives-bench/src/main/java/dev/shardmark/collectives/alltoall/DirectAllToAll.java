package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-to-all through shared memory: each rank copies the block that is meant for it out of the
 * buffer of every rank. Rank r begins with its own, then r + 1, so that no buffer is read by all at
 * once.
 *
 * <p><b>Cost</b> 2 steps; rank r loads from others all that it receives, S (p - 1) / p bytes if
 * blocks are equal. Memory traffic 2 p S, which is the least there can be.
 *
 * <p><b>Order</b> elements are copied, not combined.
 *
 * <p><b>Source</b> the linear all-to-all of Open MPI, coll_base_alltoall.c, but pulling blocks
 * instead of sending them.
 */
public final class DirectAllToAll implements AllToAll {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Blocks in, Blocks out) {
    rank.expose(in, 0);
    for (int i = 0; i < rank.size(); i++) {
      int peer = (rank.rank() + i) % rank.size();
      Blocks theirs = rank.window(peer, Blocks.class);
      int length = theirs.length(rank.rank());
      out.store(rank, peer, theirs.data(), theirs.at(rank.rank()), length);
      rank.countSent(peer, length, out.data());
    }
    rank.synchronise(1);
  }

  @Override
  public Traffic traffic(int[][] lengths) {
    return BlockTraffic.of(
        lengths, 2, rank -> BlockTraffic.received(lengths, rank), (from, to) -> 2);
  }
}
