package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * Reduction by the algorithm that suits the size.
 *
 * <p><b>Cost, Order, Source</b> those of the algorithm chosen, which differ from size to size.
 */
public final class AutoReduce implements Reduce {
  private final BySize<Reduce> bySize;

  /** Chooses by S. */
  public AutoReduce(BySize<Reduce> bySize) {
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
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op, int root) {
    bySize.of((long) buffer.bytesEach() * length).run(rank, buffer, offset, length, op, root);
  }

  @Override
  public long combined(int ranks, int length) {
    return bySize.of((long) Float.BYTES * length).combined(ranks, length);
  }

  @Override
  public Traffic traffic(int ranks, int length, int root) {
    return bySize.of((long) Float.BYTES * length).traffic(ranks, length, root);
  }
}
