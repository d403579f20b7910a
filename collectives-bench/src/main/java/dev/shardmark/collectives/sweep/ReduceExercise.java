package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.reduce.ReduceCheck;

/** Reduction of S bytes on each rank to the root, in place there. */
record ReduceExercise(ReduceOp op, int root) implements Exercise {
  @Override
  public Operation operation() {
    return Operation.REDUCE;
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
    return 0;
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    callInPlace(rank, in, count);
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    rank.reduce(buffer, START, count, op, root);
  }

  @Override
  public void verify(Group group, int count) {
    ReduceCheck.verify(group, count, op, root);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return algorithms.reduce().traffic(ranks, count, root);
  }
}
