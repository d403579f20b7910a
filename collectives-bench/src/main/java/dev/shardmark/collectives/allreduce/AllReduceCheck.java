package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import java.util.Arrays;
import java.util.Locale;

/**
 * Does the all-reduce of a group give the right answer? For tests, and for benchmarks before they
 * time it.
 *
 * <p>Rank r holds {@code x[r][i] = j p + (r + j) mod p}, where j is i modulo an odd period. So no
 * two ranks hold the same element, every rank holds the maximum and the minimum somewhere, and all
 * sums, {@code j p^2 + p (p - 1) / 2}, are below 2^24 and exact in any order. Results are compared
 * with {@code ==}, and NaN guards around each slice bit by bit.
 */
public final class AllReduceCheck {
  private final RankGroup group;
  private final int length;
  private final ReduceOp op;

  private AllReduceCheck(RankGroup group, int length, ReduceOp op) {
    this.group = group;
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
      buffers[rank].verify(what("in place", rank), this::expected);
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
      in[rank].verify(what("operand", rank), i -> element(of, i));
      out[rank].verify(what("out of place", rank), this::expected);
    }
  }

  private GuardedBuffer[] inputs() {
    GuardedBuffer[] inputs = new GuardedBuffer[group.size()];
    Arrays.setAll(inputs, rank -> new GuardedBuffer(length, i -> element(rank, i)));
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

  private float element(int rank, int i) {
    int j = i % period();
    return j * group.size() + (rank + j) % group.size();
  }

  private float expected(int i) {
    int p = group.size();
    int j = i % period();
    return switch (op) {
      case SUM -> j * p * p + p * (p - 1) / 2;
      case MAX -> j * p + p - 1;
      case MIN -> j * p;
    };
  }

  /** The largest odd period that keeps sums below 2^24. */
  private int period() {
    int p = group.size();
    return ((1 << 24) / (p * p) - 1) | 1;
  }
}
