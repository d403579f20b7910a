package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.reducescatter.ReduceScatterCheck;

/** Reduce-scatter of S bytes in on each rank; in place into the rank's own chunk. */
record ReduceScatterExercise(ReduceOp op) implements Exercise {
  @Override
  public Operation operation() {
    return Operation.REDUCE_SCATTER;
  }

  @Override
  public String reduction() {
    return op.parameter();
  }

  @Override
  public int count(long bytes, int ranks) {
    return Counts.blocks(bytes, ranks);
  }

  @Override
  public int inLength(int count, int ranks) {
    return count;
  }

  @Override
  public int outLength(int count, int ranks) {
    return Math.ceilDiv(count, ranks);
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    rank.reduceScatter(in, START, out, START, count, op);
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    int mine = START + Chunks.start(count, rank.rank(), rank.size());
    rank.reduceScatter(buffer, START, buffer, mine, count, op);
  }

  @Override
  public void verify(Group group, int count) {
    ReduceScatterCheck.verify(group, count, op);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return algorithms.reduceScatter().traffic(ranks, count);
  }
}
