package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;

/**
 * Does the all-reduce of a group give the right answer? For tests, and for benchmarks before they
 * time it. The operands are {@link KnownOperands}, between guards.
 */
public final class AllReduceCheck {
  private static final int START = GuardedBuffer.START;

  private final KnownOperands operands;
  private final int length;
  private final ReduceOp op;

  private AllReduceCheck(KnownOperands operands, int length, ReduceOp op) {
    this.operands = operands;
    this.length = length;
    this.op = op;
  }

  /**
   * Returns if the group's all-reduce is right, in place and out of place.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length, ReduceOp op) {
    KnownOperands operands = new KnownOperands(group.size());
    AllReduceCheck part = new AllReduceCheck(operands, length, op);
    GroupCheck check =
        new GroupCheck(group, Operation.ALL_REDUCE, "length=" + length + " op=" + op);
    check.verify(part::inPlace);
    check.verify(part::outOfPlace);
  }

  private Runnable inPlace(Communicator rank) {
    GuardedBuffer buffer = input(rank.rank());
    rank.allReduce(buffer.data(), START, length, op);
    return () -> buffer.verify("in place", i -> operands.combined(op, i));
  }

  private Runnable outOfPlace(Communicator rank) {
    GuardedBuffer in = input(rank.rank());
    GuardedBuffer out = new GuardedBuffer(length);
    rank.allReduce(in.data(), START, out.data(), START, length, op);
    return () -> {
      in.verify("operand", i -> operands.element(rank.rank(), i));
      out.verify("out of place", i -> operands.combined(op, i));
    };
  }

  private GuardedBuffer input(int rank) {
    return new GuardedBuffer(length, i -> operands.element(rank, i));
  }
}
