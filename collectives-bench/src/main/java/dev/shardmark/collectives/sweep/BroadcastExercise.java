package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.broadcast.BroadcastCheck;

/** Broadcast of S bytes, in place on every rank. */
record BroadcastExercise(int root) implements Exercise {
  @Override
  public Operation operation() {
    return Operation.BROADCAST;
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
    rank.broadcast(buffer, START, count, root);
  }

  @Override
  public void verify(Group group, int count) {
    BroadcastCheck.verify(group, count, root);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    return algorithms.broadcast().traffic(ranks, count, root);
  }
}
