package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * Broadcast by the algorithm that suits the size.
 *
 * <p><b>Cost, Order, Source</b> those of the algorithm chosen, which differ from size to size.
 */
public final class AutoBroadcast implements Broadcast {
  private final BySize<Broadcast> bySize;

  /** Chooses by S. */
  public AutoBroadcast(BySize<Broadcast> bySize) {
    this.bySize = bySize;
  }

  @Override
  public String parameter() {
    return BySize.AUTO;
  }

  @Override
  public boolean needsSharedMemory() {
    return bySize.needsSharedMemory();
  }

  @Override
  public void run(Rank rank, Elements buffer, int offset, int length, int root) {
    bySize.of((long) buffer.bytesEach() * length).run(rank, buffer, offset, length, root);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return bySize.of((long) Float.BYTES * length).traffic(ranks, length, root);
  }
}
