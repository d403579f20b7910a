package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.allreduce.AllReduceCheck;

/** All-reduce of a vector of S bytes on each rank. */
record AllReduceExercise(ReduceOp op) implements Exercise {
  @Override
  public Operation operation() {
    return Operation.ALL_REDUCE;
  }

  @Override
  public String reduction() {
    return op.parameter();
  }

  @Override
  public int count(long bytes, int ranks) {
    return Counts.whole(bytes);
  }

  @Override
  public int inLength(int count, int ranks) {
    return count;
  }

  @Override
  public int outLength(int count, int ranks) {
    return count;
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    rank.allReduce(in, START, out, START, count, op);
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    rank.allReduce(buffer, START, count, op);
  }

  @Override
  public void verify(Group group, int count) {
    AllReduceCheck.verify(group, count, op);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return algorithms.allReduce().traffic(ranks, count);
  }
}
