package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Broadcast through shared memory: every rank copies the root's vector.
 *
 * <p><b>Cost</b> 2 steps; every rank but the root loads S bytes. Memory traffic 2 (p - 1) S.
 *
 * <p><b>Order</b> nothing is combined.
 *
 * <p><b>Source</b> the definition.
 */
public final class DirectBroadcast implements Broadcast {
  @Override
  public String parameter() {
    return "direct";
  }

  @Override
  public boolean needsSharedMemory() {
    return true;
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, int root) {
    rank.expose(buffer, offset);
    if (rank.rank() != root) {
      buffer.copy(offset, rank.window(root), rank.windowOffset(root), length);
      rank.countSent(root, length, buffer);
    }
    rank.synchronise(1);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return Traffic.ofElements(
        ranks, length, 2, rank -> rank == root ? 0 : length, 2L * (ranks - 1) * length, 1);
  }
}
