package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Communicator;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;

/**
 * Does the reduce-scatter of a group give the right answer, and leave its operands alone? For
 * tests, and for benchmarks before they time it. The operands are {@link KnownOperands}, between
 * guards.
 */
public final class ReduceScatterCheck {
  private static final int START = GuardedBuffer.START;

  private final KnownOperands operands;
  private final int length;
  private final ReduceOp op;

  private ReduceScatterCheck(KnownOperands operands, int length, ReduceOp op) {
    this.operands = operands;
    this.length = length;
    this.op = op;
  }

  /**
   * Returns if the group's reduce-scatter is right, in place and out of place.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length, ReduceOp op) {
    KnownOperands operands = new KnownOperands(group.size());
    ReduceScatterCheck part = new ReduceScatterCheck(operands, length, op);
    GroupCheck check =
        new GroupCheck(group, Operation.REDUCE_SCATTER, "length=" + length + " op=" + op);
    check.verify(part::inPlace);
    check.verify(part::outOfPlace);
  }

  private Runnable inPlace(Communicator rank) {
    int of = rank.rank();
    GuardedBuffer buffer = input(of);
    float[] data = buffer.data();
    rank.reduceScatter(data, START, data, START + start(of), length, op);
    return () ->
        buffer.verify(
            "in place",
            i ->
                i >= start(of) && i < start(of + 1)
                    ? operands.combined(op, i)
                    : operands.element(of, i));
  }

  private Runnable outOfPlace(Communicator rank) {
    int of = rank.rank();
    GuardedBuffer in = input(of);
    GuardedBuffer out = new GuardedBuffer(start(of + 1) - start(of));
    rank.reduceScatter(in.data(), START, out.data(), START, length, op);
    return () -> {
      in.verify("operand", i -> operands.element(of, i));
      out.verify("out of place", i -> operands.combined(op, start(of) + i));
    };
  }

  private GuardedBuffer input(int rank) {
    return new GuardedBuffer(length, i -> operands.element(rank, i));
  }

  private int start(int chunk) {
    return Chunks.start(length, chunk, operands.ranks());
  }
}
