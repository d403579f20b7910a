package dev.shardmark.collectives.sweep;

import static dev.shardmark.kernels.AlignedFloats.START;

import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Traffic;
import dev.shardmark.collectives.alltoall.AllToAllCheck;
import java.util.Arrays;

/** All-to-all of S bytes on each rank, in equal blocks. */
record AllToAllExercise() implements Exercise {
  @Override
  public Operation operation() {
    return Operation.ALL_TO_ALL;
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
    return count;
  }

  @Override
  public void call(Communicator rank, float[] in, float[] out, int count) {
    rank.allToAll(in, START, out, START, count);
  }

  @Override
  public boolean isInPlace() {
    return false;
  }

  @Override
  public void callInPlace(Communicator rank, float[] buffer, int count) {
    throw new IllegalStateException("an all-to-all must not be in place");
  }

  @Override
  public void verify(Group group, int count) {
    AllToAllCheck.verify(group, count);
  }

  @Override
  public Traffic traffic(Algorithms algorithms, int ranks, int count) {
    int[][] lengths = new int[ranks][ranks];
    for (int[] row : lengths) {
      Arrays.fill(row, count / ranks);
    }
    return algorithms.allToAll().traffic(lengths);
  }
}
