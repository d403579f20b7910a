package dev.shardmark.collectives.reducescatter;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import java.util.Arrays;
import java.util.Locale;

/**
 * Does the reduce-scatter of a group give the right answer, and leave its operands alone? For
 * tests, and for benchmarks before they time it. The operands are {@link KnownOperands}, between
 * guards.
 */
public final class ReduceScatterCheck {
  private static final int START = GuardedBuffer.START;

  private final RankGroup group;
  private final KnownOperands operands;
  private final int length;
  private final ReduceOp op;

  private ReduceScatterCheck(RankGroup group, int length, ReduceOp op) {
    this.group = group;
    operands = new KnownOperands(group.size());
    this.length = length;
    this.op = op;
  }

  /**
   * Returns if the group's reduce-scatter is right, in place and out of place.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(RankGroup group, int length, ReduceOp op) {
    ReduceScatterCheck check = new ReduceScatterCheck(group, length, op);
    check.inPlace();
    check.outOfPlace();
  }

  private void inPlace() {
    GuardedBuffer[] buffers = inputs();
    group.run(
        rank -> {
          float[] data = buffers[rank.rank()].data();
          rank.reduceScatter(data, START, data, START + start(rank.rank()), length, op);
        });
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      buffers[rank].verify(
          what("in place", rank),
          i ->
              i >= start(of) && i < start(of + 1)
                  ? operands.combined(op, i)
                  : operands.element(of, i));
    }
  }

  private void outOfPlace() {
    GuardedBuffer[] in = inputs();
    GuardedBuffer[] out = new GuardedBuffer[group.size()];
    Arrays.setAll(out, rank -> new GuardedBuffer(start(rank + 1) - start(rank)));
    group.run(
        rank -> {
          int r = rank.rank();
          rank.reduceScatter(in[r].data(), START, out[r].data(), START, length, op);
        });
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      in[rank].verify(what("operand", rank), i -> operands.element(of, i));
      out[rank].verify(what("out of place", rank), i -> operands.combined(op, start(of) + i));
    }
  }

  private GuardedBuffer[] inputs() {
    GuardedBuffer[] inputs = new GuardedBuffer[group.size()];
    Arrays.setAll(inputs, rank -> new GuardedBuffer(length, i -> operands.element(rank, i)));
    return inputs;
  }

  private int start(int chunk) {
    return Chunks.start(length, chunk, group.size());
  }

  private String what(String which, int rank) {
    return String.format(
        Locale.ROOT,
        "%s %s ranks=%d length=%d op=%s rank=%d",
        group.algorithms().reduceScatter().getClass().getSimpleName(),
        which,
        group.size(),
        length,
        op,
        rank);
  }
}
