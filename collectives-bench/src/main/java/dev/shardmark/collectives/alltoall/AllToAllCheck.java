package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Does the all-to-all of a group give the right answer? For tests, and for benchmarks before they
 * time it.
 *
 * <p>Element i of the block from rank s to rank r is {@code j p^2 + s p + r}, where j is i modulo
 * the largest period that keeps it below 2^24. So no two blocks have an element in common, and no
 * two elements of a block are equal within a period. Results are compared with {@code ==}, and NaN
 * guards around each slice bit by bit.
 */
public final class AllToAllCheck {
  private static final int START = GuardedBuffer.START;

  private final RankGroup group;
  private final int[][] lengths;
  private final GuardedBuffer[] in;
  private final GuardedBuffer[] out;

  private AllToAllCheck(RankGroup group, int[][] lengths) {
    this.group = group;
    this.lengths = lengths;
    int p = group.size();
    in = new GuardedBuffer[p];
    out = new GuardedBuffer[p];
    for (int rank = 0; rank < p; rank++) {
      float[] sent = sent(rank);
      in[rank] = new GuardedBuffer(sent.length, i -> sent[i]);
      out[rank] = new GuardedBuffer(IntStream.of(received(rank)).sum());
    }
  }

  /**
   * Returns if the group's all-to-all of {@code length} elements on each rank is right.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(RankGroup group, int length) {
    int p = group.size();
    int[][] lengths = new int[p][p];
    for (int[] row : lengths) {
      Arrays.setAll(row, to -> Chunks.length(length, to, p));
    }
    AllToAllCheck check = new AllToAllCheck(group, lengths);
    check.verify(
        "length=" + length,
        rank -> rank.allToAll(check.inOf(rank), START, check.outOf(rank), START, length));
  }

  /**
   * Returns if the group's all-to-all of blocks of any length is right.
   *
   * @param lengths by sender, then receiver
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(RankGroup group, int[][] lengths) {
    AllToAllCheck check = new AllToAllCheck(group, lengths);
    check.verify(
        "lengths=" + Arrays.deepToString(lengths),
        rank -> {
          int[] sent = lengths[rank.rank()];
          int[] received = check.received(rank.rank());
          rank.allToAllV(check.inOf(rank), START, sent, check.outOf(rank), START, received);
        });
  }

  private void verify(String size, RankBody body) {
    group.run(body);
    for (int rank = 0; rank < group.size(); rank++) {
      float[] sent = sent(rank);
      float[] expected = expected(rank);
      in[rank].verify(what("operand", size, rank), i -> sent[i]);
      out[rank].verify(what("result", size, rank), i -> expected[i]);
    }
  }

  private float[] inOf(Rank rank) {
    return in[rank.rank()].data();
  }

  private float[] outOf(Rank rank) {
    return out[rank.rank()].data();
  }

  private int[] received(int rank) {
    return IntStream.range(0, group.size()).map(from -> lengths[from][rank]).toArray();
  }

  private float[] sent(int rank) {
    float[] blocks = new float[IntStream.of(lengths[rank]).sum()];
    int at = 0;
    for (int to = 0; to < group.size(); to++) {
      at = fill(blocks, at, rank, to);
    }
    return blocks;
  }

  private float[] expected(int rank) {
    float[] blocks = new float[IntStream.of(received(rank)).sum()];
    int at = 0;
    for (int from = 0; from < group.size(); from++) {
      at = fill(blocks, at, from, rank);
    }
    return blocks;
  }

  /** Returns where the next block begins. */
  private int fill(float[] blocks, int at, int from, int to) {
    int p = group.size();
    int period = (1 << 24) / (p * p);
    for (int i = 0; i < lengths[from][to]; i++) {
      blocks[at + i] = i % period * p * p + from * p + to;
    }
    return at + lengths[from][to];
  }

  private String what(String which, String size, int rank) {
    return String.format(
        Locale.ROOT,
        "%s %s ranks=%d %s rank=%d",
        group.algorithms().allToAll().getClass().getSimpleName(),
        which,
        group.size(),
        size,
        rank);
  }
}
