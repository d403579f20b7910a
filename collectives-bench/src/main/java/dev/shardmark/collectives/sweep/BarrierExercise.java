package dev.shardmark.collectives.sweep;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Traffic;
import java.util.concurrent.atomic.AtomicInteger;

/** A barrier, which moves nothing. */
record BarrierExercise() implements Exercise {
  private static final int MEETINGS = 100;

  @Override
  public Operation operation() {
    return Operation.BARRIER;
  }

  @Override
  public int count(long bytes, int ranks) {
    return 0;
  }

  @Override
  public int inLength(int count, int ranks) {
    return 0;
  }

  @Override
  public int outLength(int count, int ranks) {
    return 0;
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    rank.barrier();
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    rank.barrier();
  }

  /**
   * Nobody leaves before all have come, nobody comes twice before all have left: of the ranks of
   * this process.
   */
  @Override
  public void verify(Group group, int count) {
    AtomicInteger here = new AtomicInteger();
    group.each(rank -> here.incrementAndGet());
    AtomicInteger come = new AtomicInteger();
    AtomicInteger early = new AtomicInteger();
    group.each(
        rank -> {
          for (int meeting = 1; meeting <= MEETINGS; meeting++) {
            come.incrementAndGet();
            rank.barrier();
            early.addAndGet(come.get() == meeting * here.get() ? 0 : 1);
            rank.barrier();
          }
        });
    if (early.get() > 0) {
      throw new IllegalStateException(
          "a barrier is wrong: early=" + early.get() + " ranks=" + group.size());
    }
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return Traffic.ofElements(ranks, count, 0, rank -> 0, 0, 1);
  }
}
