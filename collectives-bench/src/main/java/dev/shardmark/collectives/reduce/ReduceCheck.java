package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.ReduceOp;

/**
 * Does the reduce of a group give the right answer, and leave the other ranks' operands alone? For
 * tests, and for benchmarks before they time it. The operands are {@link KnownOperands}, between
 * guards.
 */
public final class ReduceCheck {
  private ReduceCheck() {}

  /**
   * Returns if the group's reduce is right.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length, ReduceOp op, int root) {
    KnownOperands operands = new KnownOperands(group.size());
    String size = "length=" + length + " op=" + op + " root=" + root;
    new GroupCheck(group, Operation.REDUCE, size)
        .verify(
            rank -> {
              int of = rank.rank();
              GuardedBuffer buffer = new GuardedBuffer(length, i -> operands.element(of, i));
              rank.reduce(buffer.data(), GuardedBuffer.START, length, op, root);
              return () ->
                  buffer.verify(
                      of == root ? "result" : "operand",
                      i -> of == root ? operands.combined(op, i) : operands.element(of, i));
            });
  }
}
