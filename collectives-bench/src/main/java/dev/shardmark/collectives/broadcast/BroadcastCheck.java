package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.Operation;

/**
 * Does the broadcast of a group give the right answer? For tests, and for benchmarks before they
 * time it. The root's vector is one of {@link KnownOperands}, between guards; all others are NaN
 * before.
 */
public final class BroadcastCheck {
  private BroadcastCheck() {}

  /**
   * Returns if the group's broadcast is right.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length, int root) {
    KnownOperands operands = new KnownOperands(group.size());
    new GroupCheck(group, Operation.BROADCAST, "length=" + length + " root=" + root)
        .verify(
            rank -> {
              GuardedBuffer buffer =
                  rank.rank() == root
                      ? new GuardedBuffer(length, i -> operands.element(root, i))
                      : new GuardedBuffer(length);
              rank.broadcast(buffer.data(), GuardedBuffer.START, length, root);
              return () -> buffer.verify("result", i -> operands.element(root, i));
            });
  }
}
