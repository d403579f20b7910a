package dev.shardmark.collectives.broadcast;

import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import java.util.Arrays;
import java.util.Locale;

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
  public static void verify(RankGroup group, int length, int root) {
    KnownOperands operands = new KnownOperands(group.size());
    GuardedBuffer[] buffers = new GuardedBuffer[group.size()];
    Arrays.setAll(buffers, rank -> new GuardedBuffer(length));
    buffers[root] = new GuardedBuffer(length, i -> operands.element(root, i));
    group.run(
        rank -> rank.broadcast(buffers[rank.rank()].data(), GuardedBuffer.START, length, root));
    for (int rank = 0; rank < group.size(); rank++) {
      String what =
          String.format(
              Locale.ROOT,
              "%s ranks=%d length=%d root=%d rank=%d",
              group.algorithms().broadcast().getClass().getSimpleName(),
              group.size(),
              length,
              root,
              rank);
      buffers[rank].verify(what, i -> operands.element(root, i));
    }
  }
}
