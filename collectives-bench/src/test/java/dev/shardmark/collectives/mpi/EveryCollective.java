package dev.shardmark.collectives.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.allgather.AllGatherCheck;
import dev.shardmark.collectives.allreduce.AllReduceCheck;
import dev.shardmark.collectives.alltoall.AllToAllCheck;
import dev.shardmark.collectives.broadcast.BroadcastCheck;
import dev.shardmark.collectives.reduce.ReduceCheck;
import dev.shardmark.collectives.reducescatter.ReduceScatterCheck;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.kernels.math.Bf16;
import java.util.Arrays;

/** One rank of a job that runs all there is to call, and compares whole numbers with {@code ==}. */
final class EveryCollective {
  /** Exit code of a job one of whose ranks has failed. */
  static final int FAILED = 3;

  private final MpiGroup group;
  private final Communicator world;
  private final int p;
  private final int rank;

  private EveryCollective(Mpi mpi) {
    group = new MpiGroup(mpi);
    world = mpi.world();
    p = world.size();
    rank = world.rank();
  }

  /** With an argument, the last rank fails while the others wait for it. */
  public static void main(String[] arguments) {
    Mpi mpi = Mpi.start();
    EveryCollective rank = new EveryCollective(mpi);
    try {
      if (arguments.length > 0) {
        rank.failLast();
      }
      rank.run();
    } catch (RuntimeException | Error e) {
      System.err.println("rank " + rank.rank + " failed: " + e);
      mpi.abort(FAILED);
    }
    mpi.close();
  }

  private void failLast() {
    if (rank == p - 1) {
      throw new IllegalStateException("on purpose");
    }
    world.allReduce(new float[1000], 0, 1000, ReduceOp.SUM);
  }

  private void run() {
    for (int length : new int[] {0, 1, p - 1, p, p + 1, 4 * p + 3, 1000, 100_003}) {
      collectives(length);
      bf16(length);
      messages(length);
    }
    blocksOfAnyLength();
    parts();
    lengthsThatDisagree();
    wrongElementsAreFoundOnAllRanks();
    sweeps();
    world.barrier();
    if (rank == 0) {
      System.out.println("all is right on " + p + " ranks");
    }
  }

  private void collectives(int length) {
    for (ReduceOp op : ReduceOp.values()) {
      AllReduceCheck.verify(group, length, op);
      ReduceScatterCheck.verify(group, length, op);
      ReduceCheck.verify(group, length, op, p - 1);
    }
    for (int root = 0; root < p; root++) {
      ReduceCheck.verify(group, length, ReduceOp.SUM, root);
      BroadcastCheck.verify(group, length, root);
    }
    AllGatherCheck.verify(group, length);
    AllToAllCheck.verify(group, length);
  }

  /** Sums of whole numbers below 8 on at most 16 ranks are exact in bf16. */
  private void bf16(int length) {
    short[] buffer = new short[length + 2];
    for (int i = 0; i < length; i++) {
      buffer[i + 1] = Bf16.round((float) ((rank + i) % 8));
    }
    world.allReduce(buffer, 1, length, ReduceOp.SUM);
    short[] expected = new short[length + 2];
    for (int i = 0; i < length; i++) {
      int sum = 0;
      for (int from = 0; from < p; from++) {
        sum += (from + i) % 8;
      }
      expected[i + 1] = Bf16.round((float) sum);
    }
    assertThat(buffer).isEqualTo(expected);
  }

  /** To the next rank in a circle, by messages in both forms. */
  private void messages(int length) {
    int next = (rank + 1) % p;
    int before = (rank + p - 1) % p;
    GuardedBuffer out = new GuardedBuffer(length, i -> rank + i);
    GuardedBuffer in = new GuardedBuffer(length);
    int start = GuardedBuffer.START;
    world.sendReceive(next, out.data(), start, length, before, in.data(), start, length);
    in.verify("received", i -> before + i);
    GuardedBuffer again = new GuardedBuffer(length);
    if (rank == 0) {
      world.send(next, out.data(), start, length);
      world.receive(before, again.data(), start, length);
    } else {
      world.receive(before, again.data(), start, length);
      world.send(next, out.data(), start, length);
    }
    again.verify("received", i -> before + i);
    out.verify("sent", i -> rank + i);
  }

  private void blocksOfAnyLength() {
    int[][] lengths = new int[p][p];
    for (int from = 0; from < p; from++) {
      int sender = from;
      Arrays.setAll(lengths[from], to -> (7 * sender + 3 * to) % 5 * 100); // some are empty
    }
    AllToAllCheck.verify(group, lengths);
    AllToAllCheck.verify(group, new int[p][p]);
  }

  /** Even and odd ranks backwards, and the whole in between. */
  private void parts() {
    Communicator part = world.split(rank % 2, -rank);
    assertThat(part.size()).isEqualTo((p + 1 - rank % 2) / 2);
    assertThat(part.rank()).isEqualTo(part.size() - 1 - rank / 2);
    for (int round = 0; round < 3; round++) {
      float[] x = {rank};
      part.allReduce(x, 0, 1, ReduceOp.MAX);
      assertThat(x[0]).isEqualTo((p - 1 - rank % 2) / 2 * 2 + rank % 2);
      world.allReduce(x, 0, 1, ReduceOp.MAX);
      assertThat(x[0]).isEqualTo(p - 1);
    }
    Communicator alone = part.split(part.rank(), 0);
    assertThat(alone.size()).isEqualTo(1);
    assertThatThrownBy(() -> world.split(-1, 0)).hasMessageContaining("color must not be negative");
  }

  private void lengthsThatDisagree() {
    float[] x = new float[8];
    if (rank == 0) {
      world.send(1, x, 0, 4);
    } else if (rank == 1) {
      assertThatThrownBy(() -> world.receive(0, x, 0, 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("lengths must agree: rank 1 expects 5 elements from rank 0, which sends 4");
    }
  }

  /** The last rank alone sees two wrong elements, and all ranks say so. */
  private void wrongElementsAreFoundOnAllRanks() {
    GroupCheck check = new GroupCheck(group, Operation.BARRIER, "length=9");
    assertThatThrownBy(
            () ->
                check.verify(
                    of -> {
                      GuardedBuffer buffer = new GuardedBuffer(9, i -> i);
                      return () -> buffer.verify("result", i -> rank == p - 1 && i > 6 ? 0 : i);
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "barrier mpi ranks=%d length=9 rank=%d: result is wrong: element=7 got=7.0"
                + " expected=0.0; 2 elements are wrong on all ranks",
            p, p - 1);
  }

  private void sweeps() {
    Effort little = new Effort(1_000_000, 1_000_000, 4, 8);
    for (Operation operation : Exercises.OPERATIONS) {
      Sweep sweep = new Sweep(group, Exercises.of(operation, ReduceOp.SUM, p - 1), little);
      SweepPoint point = sweep.at(4096, true);
      assertThat(point.wrong()).isEmpty();
      assertThat(point.algorithm()).isEqualTo("mpi");
      assertThat(point.traffic().sizeBytes()).isEqualTo(4096);
      assertThat(point.inPlace().or(point::outOfPlace))
          .hasValueSatisfying(
              timing -> {
                assertThat(timing.backToBackNs()).isPositive();
                assertThat(timing.isolated().getTotalCount()).isBetween(4L, 8L);
              });
    }
  }
}
