package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.Operation;

/**
 * Does the all-gather of a group give the right answer? For tests, and for benchmarks before they
 * time it. The chunks are {@link KnownOperands}, between guards; what they go to is NaN before.
 */
public final class AllGatherCheck {
  private static final int START = GuardedBuffer.START;

  private final KnownOperands operands;
  private final int length;
  private final float[] expected;

  private AllGatherCheck(KnownOperands operands, int length) {
    this.operands = operands;
    this.length = length;
    expected = new float[length];
    for (int rank = 0; rank < operands.ranks(); rank++) {
      for (int i = start(rank); i < start(rank + 1); i++) {
        expected[i] = operands.element(rank, i - start(rank));
      }
    }
  }

  /**
   * Returns if the group's all-gather is right, in place and out of place.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length) {
    AllGatherCheck part = new AllGatherCheck(new KnownOperands(group.size()), length);
    GroupCheck check = new GroupCheck(group, Operation.ALL_GATHER, "length=" + length);
    check.verify(part::inPlace);
    check.verify(part::outOfPlace);
  }

  private Runnable inPlace(Communicator rank) {
    int start = start(rank.rank());
    GuardedBuffer buffer = new GuardedBuffer(length);
    float[] data = buffer.data();
    System.arraycopy(expected, start, data, START + start, start(rank.rank() + 1) - start);
    rank.allGather(data, START + start, data, START, length);
    return () -> buffer.verify("in place", i -> expected[i]);
  }

  private Runnable outOfPlace(Communicator rank) {
    int of = rank.rank();
    GuardedBuffer in = new GuardedBuffer(start(of + 1) - start(of), i -> operands.element(of, i));
    GuardedBuffer out = new GuardedBuffer(length);
    rank.allGather(in.data(), START, out.data(), START, length);
    return () -> {
      in.verify("operand", i -> operands.element(of, i));
      out.verify("out of place", i -> expected[i]);
    };
  }

  private int start(int chunk) {
    return Chunks.start(length, chunk, operands.ranks());
  }
}
