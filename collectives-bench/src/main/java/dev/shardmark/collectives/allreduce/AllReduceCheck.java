package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.KnownOperands;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import java.util.Arrays;
import java.util.Locale;

/**
 * Does the all-reduce of a group give the right answer? For tests, and for benchmarks before they
 * time it. The operands are {@link KnownOperands}, between guards.
 */
public final class AllReduceCheck {
  private final RankGroup group;
  private final KnownOperands operands;
  private final int length;
  private final ReduceOp op;

  private AllReduceCheck(RankGroup group, int length, ReduceOp op) {
    this.group = group;
    operands = new KnownOperands(group.size());
    this.length = length;
    this.op = op;
  }

  /**
   * Returns if the group's all-reduce is right, in place and out of place.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(RankGroup group, int length, ReduceOp op) {
    AllReduceCheck check = new AllReduceCheck(group, length, op);
    check.inPlace();
    check.outOfPlace();
  }

  private void inPlace() {
    GuardedBuffer[] buffers = inputs();
    group.run(rank -> rank.allReduce(buffers[rank.rank()].data(), GuardedBuffer.START, length, op));
    for (int rank = 0; rank < group.size(); rank++) {
      buffers[rank].verify(what("in place", rank), i -> operands.combined(op, i));
    }
  }

  private void outOfPlace() {
    int start = GuardedBuffer.START;
    GuardedBuffer[] in = inputs();
    GuardedBuffer[] out = new GuardedBuffer[group.size()];
    Arrays.setAll(out, rank -> new GuardedBuffer(length));
    group.run(
        rank -> {
          int r = rank.rank();
          rank.allReduce(in[r].data(), start, out[r].data(), start, length, op);
        });
    for (int rank = 0; rank < group.size(); rank++) {
      int of = rank;
      in[rank].verify(what("operand", rank), i -> operands.element(of, i));
      out[rank].verify(what("out of place", rank), i -> operands.combined(op, i));
    }
  }

  private GuardedBuffer[] inputs() {
    GuardedBuffer[] inputs = new GuardedBuffer[group.size()];
    Arrays.setAll(inputs, rank -> new GuardedBuffer(length, i -> operands.element(rank, i)));
    return inputs;
  }

  private String what(String which, int rank) {
    return String.format(
        Locale.ROOT,
        "%s %s ranks=%d length=%d op=%s rank=%d",
        group.algorithms().allReduce().getClass().getSimpleName(),
        which,
        group.size(),
        length,
        op,
        rank);
  }
}
