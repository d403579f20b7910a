package dev.shardmark.collectives.allgather;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import java.util.Arrays;
import java.util.Locale;

/**
 * Does the all-gather of a group give the right answer? For tests, and for benchmarks before they
 * time it. The chunks are {@link KnownOperands}, between guards; what they go to is NaN before.
 */
public final class AllGatherCheck {
  private static final int START = GuardedBuffer.START;

  private final RankGroup group;
  private final KnownOperands operands;
  private final int length;
  private final float[] expected;

  private AllGatherCheck(RankGroup group, int length) {
    this.group = group;
    operands = new KnownOperands(group.size());
    this.length = length;
    expected = new float[length];
    for (int rank = 0; rank < group.size(); rank++) {
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
  public static void verify(RankGroup group, int length) {
    AllGatherCheck check = new AllGatherCheck(group, length);
    check.inPlace();
    check.outOfPlace();
  }

  private void inPlace() {
    GuardedBuffer[] buffers = new GuardedBuffer[group.size()];
    Arrays.setAll(buffers, this::ownChunkOnly);
    group.run(
        rank -> {
          float[] data = buffers[rank.rank()].data();
          rank.allGather(data, START + start(rank.rank()), data, START, length);
        });
    for (int rank = 0; rank < group.size(); rank++) {
      buffers[rank].verify(what("in place", rank), i -> expected[i]);
    }
  }

  private GuardedBuffer ownChunkOnly(int rank) {
    GuardedBuffer buffer = new GuardedBuffer(length);
    int start = start(rank);
    System.arraycopy(expected, start, buffer.data(), START + start, start(rank + 1) - start);
    return buffer;
  }

  private void outOfPlace() {
    GuardedBuffer[] in = new GuardedBuffer[group.size()];
    GuardedBuffer[] out = new GuardedBuffer[group.size()];
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      int chunk = start(rank + 1) - start(rank);
      in[rank] = new GuardedBuffer(chunk, i -> operands.element(of, i));
      out[rank] = new GuardedBuffer(length);
    }
    group.run(
        rank -> {
          int r = rank.rank();
          rank.allGather(in[r].data(), START, out[r].data(), START, length);
        });
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      in[rank].verify(what("operand", rank), i -> operands.element(of, i));
      out[rank].verify(what("out of place", rank), i -> expected[i]);
    }
  }

  private int start(int chunk) {
    return Chunks.start(length, chunk, group.size());
  }

  private String what(String which, int rank) {
    return String.format(
        Locale.ROOT,
        "%s %s ranks=%d length=%d rank=%d",
        group.algorithms().allGather().getClass().getSimpleName(),
        which,
        group.size(),
        length,
        rank);
  }
}
