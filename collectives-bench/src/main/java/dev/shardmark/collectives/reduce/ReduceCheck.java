package dev.shardmark.collectives.reduce;

import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import java.util.Arrays;
import java.util.Locale;

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
  public static void verify(RankGroup group, int length, ReduceOp op, int root) {
    KnownOperands operands = new KnownOperands(group.size());
    GuardedBuffer[] buffers = new GuardedBuffer[group.size()];
    Arrays.setAll(buffers, rank -> new GuardedBuffer(length, i -> operands.element(rank, i)));
    group.run(
        rank -> rank.reduce(buffers[rank.rank()].data(), GuardedBuffer.START, length, op, root));
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      String what =
          String.format(
              Locale.ROOT,
              "%s ranks=%d length=%d op=%s root=%d rank=%d",
              group.algorithms().reduce().getClass().getSimpleName(),
              group.size(),
              length,
              op,
              root,
              rank);
      buffers[rank].verify(
          what, i -> of == root ? operands.combined(op, i) : operands.element(of, i));
    }
  }
}
