package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.Traffic;

/**
 * All-gather by the algorithm that suits the size.
 *
 * <p><b>Cost, Order, Source</b> those of the algorithm chosen, which differ from size to size.
 */
public final class AutoAllGather implements AllGather {
  private final BySize<AllGather> bySize;

  /** Chooses by S. */
  public AutoAllGather(BySize<AllGather> bySize) {
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
  public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
    bySize.of((long) in.bytesEach() * length).run(rank, in, inAt, out, outAt, length);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return bySize.of((long) Float.BYTES * length).traffic(ranks, length);
  }
}
