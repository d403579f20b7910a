package dev.shardmark.collectives.allreduce;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
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
  private static final int GUARD = 17; // slices start off any vector or cache line
  private static final int GUARD_BITS = 0x7fc0beef; // a NaN: it would also poison any sum

  private final RankGroup group;
  private final int length;
  private final ReduceOp op;

  private AllReduceCheck(RankGroup group, int length, ReduceOp op) {
    this.group = group;
    this.length = length;
    this.op = op;
  }

  /**
   * Returns if the group's all-reduce is right.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(RankGroup group, int length, ReduceOp op) {
    AllReduceCheck check = new AllReduceCheck(group, length, op);
    float[][] buffers = new float[group.size()][];
    for (int rank = 0; rank < group.size(); rank++) {
      buffers[rank] = check.input(rank);
    }
    group.run(rank -> rank.allReduce(buffers[rank.rank()], GUARD, length, op));
    for (int rank = 0; rank < group.size(); rank++) {
      check.verify(rank, buffers[rank]);
    }
  }

  private float[] input(int rank) {
    float[] buffer = new float[GUARD + length + GUARD];
    for (int at = 0; at < buffer.length; at++) {
      buffer[at] = guards(at) ? Float.intBitsToFloat(GUARD_BITS) : element(rank, at - GUARD);
    }
    return buffer;
  }

  private void verify(int rank, float[] buffer) {
    for (int at = 0; at < buffer.length; at++) {
      boolean right =
          guards(at)
              ? Float.floatToRawIntBits(buffer[at]) == GUARD_BITS
              : buffer[at] == expected(at - GUARD);
      if (!right) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%s is wrong: ranks=%d length=%d op=%s rank=%d element=%d got=%s expected=%s",
                group.allReduce().getClass().getSimpleName(),
                group.size(),
                length,
                op,
                rank,
                at - GUARD,
                buffer[at],
                guards(at) ? "untouched" : expected(at - GUARD)));
      }
    }
  }

  private boolean guards(int at) {
    return at < GUARD || at >= GUARD + length;
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
