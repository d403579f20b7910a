package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.allgather.AllGatherCheck;

/** All-gather of S bytes out on each rank; in place out of the rank's own chunk. */
record AllGatherExercise() implements Exercise {
  @Override
  public Operation operation() {
    return Operation.ALL_GATHER;
  }

  @Override
  public int count(long bytes, int ranks) {
    return Counts.blocks(bytes, ranks);
  }

  @Override
  public int inLength(int count, int ranks) {
    return Math.ceilDiv(count, ranks);
  }

  @Override
  public int outLength(int count, int ranks) {
    return count;
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    rank.allGather(in, START, out, START, count);
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    int mine = START + Chunks.start(count, rank.rank(), rank.size());
    rank.allGather(buffer, mine, buffer, START, count);
  }

  @Override
  public void verify(Group group, int count) {
    AllGatherCheck.verify(group, count);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return algorithms.allGather().traffic(ranks, count);
  }
}
