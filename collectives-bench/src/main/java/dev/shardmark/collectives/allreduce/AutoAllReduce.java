package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;

/**
 * All-reduce by the algorithm that suits the size.
 *
 * <p><b>Cost, Order, Source</b> those of the algorithm chosen, which differ from size to size.
 */
public final class AutoAllReduce implements AllReduce {
  private final BySize<AllReduce> bySize;

  /** Chooses by S. */
  public AutoAllReduce(BySize<AllReduce> bySize) {
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
  public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
    bySize.of((long) buffer.bytesEach() * length).run(rank, buffer, offset, length, op);
  }

  @Override
  public void run(
      Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
    bySize.of((long) out.bytesEach() * length).run(rank, in, inAt, out, outAt, length, op);
  }

  @Override
  public long combined(int ranks, int length) {
    return bySize.of((long) Float.BYTES * length).combined(ranks, length);
  }

  @Override
  public Traffic traffic(int ranks, int length) {
    return bySize.of((long) Float.BYTES * length).traffic(ranks, length);
  }
}
