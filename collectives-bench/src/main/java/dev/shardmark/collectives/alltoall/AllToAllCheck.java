package dev.shardmark.collectives.alltoall;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Group;
import dev.shardmark.collectives.GroupCheck;
import dev.shardmark.collectives.GuardedBuffer;
import dev.shardmark.collectives.Operation;
import java.util.Arrays;
import java.util.function.BiConsumer;
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

  private final int[][] lengths;

  private AllToAllCheck(int[][] lengths) {
    this.lengths = lengths;
  }

  /**
   * Returns if the group's all-to-all of {@code length} elements on each rank is right.
   *
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int length) {
    int p = group.size();
    int[][] lengths = new int[p][p];
    for (int[] row : lengths) {
      Arrays.setAll(row, to -> Chunks.length(length, to, p));
    }
    AllToAllCheck check = new AllToAllCheck(lengths);
    new GroupCheck(group, Operation.ALL_TO_ALL, "length=" + length)
        .verify(
            rank ->
                check.verified(
                    rank.rank(), (in, out) -> rank.allToAll(in, START, out, START, length)));
  }

  /**
   * Returns if the group's all-to-all of blocks of any length is right.
   *
   * @param lengths by sender, then receiver
   * @throws IllegalStateException naming rank and element of the first that is wrong, if not
   */
  public static void verify(Group group, int[][] lengths) {
    AllToAllCheck check = new AllToAllCheck(lengths);
    new GroupCheck(group, Operation.ALL_TO_ALL_V, "lengths=" + Arrays.deepToString(lengths))
        .verify(
            rank -> {
              int[] sent = lengths[rank.rank()];
              int[] received = check.received(rank.rank());
              return check.verified(
                  rank.rank(), (in, out) -> rank.allToAllV(in, START, sent, out, START, received));
            });
  }

  private Runnable verified(int rank, BiConsumer<float[], float[]> call) {
    float[] sent = sent(rank);
    float[] expected = expected(rank);
    GuardedBuffer in = new GuardedBuffer(sent.length, i -> sent[i]);
    GuardedBuffer out = new GuardedBuffer(expected.length);
    call.accept(in.data(), out.data());
    return () -> {
      in.verify("operand", i -> sent[i]);
      out.verify("result", i -> expected[i]);
    };
  }

  private int[] received(int rank) {
    return Arrays.stream(lengths).mapToInt(of -> of[rank]).toArray();
  }

  private float[] sent(int rank) {
    float[] blocks = new float[IntStream.of(lengths[rank]).sum()];
    int at = 0;
    for (int to = 0; to < lengths.length; to++) {
      at = fill(blocks, at, rank, to);
    }
    return blocks;
  }

  private float[] expected(int rank) {
    float[] blocks = new float[IntStream.of(received(rank)).sum()];
    int at = 0;
    for (int from = 0; from < lengths.length; from++) {
      at = fill(blocks, at, from, rank);
    }
    return blocks;
  }

  /** Returns where the next block begins. */
  private int fill(float[] blocks, int at, int from, int to) {
    int p = lengths.length;
    int period = (1 << 24) / (p * p);
    for (int i = 0; i < lengths[from][to]; i++) {
      blocks[at + i] = i % period * p * p + from * p + to;
    }
    return at + lengths[from][to];
  }
}
