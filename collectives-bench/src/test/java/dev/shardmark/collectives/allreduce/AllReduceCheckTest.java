package dev.shardmark.collectives.allreduce;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these all-reduces is wrong in one way. */
@Timeout(60)
class AllReduceCheckTest {
  private static final int RANKS = 6;
  private static final int LENGTH = 1003;

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongAllReducesAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      for (ReduceOp op : ReduceOp.values()) {
        if (op != ReduceOp.SUM && fault.onlyOfSums()) {
          continue;
        }
        assertThatThrownBy(() -> AllReduceCheck.verify(group, LENGTH, op))
            .as("%s", op)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll(
                "all_reduce", "is wrong", "ranks=6", "length=1003", "expected=");
      }
    }
  }

  private enum Fault {
    NOTHING_DONE,
    REMAINDER_DROPPED,
    LAST_ELEMENT_OF_CHUNKS_DROPPED,
    CHUNKS_SWAPPED,
    LAST_STEP_MISSING,
    FIRST_STEP_MISSING,
    MEAN_FOR_SUM,
    WRONG_OP,
    FIRST_RANK_MISSING,
    LAST_RANK_MISSING,
    RANK_COUNTED_TWICE,
    EXTRA_RANKS_NOT_COUNTED,
    EXTRA_RANKS_NOT_SERVED,
    READ_AFTER_THE_SENDER_WROTE,
    ONE_RANK_NOT_SERVED,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR,
    ONE_ELEMENT_BEFORE,
    OPERAND_OVERWRITTEN;

    /** The greatest element is still the greatest when it is counted twice. */
    boolean onlyOfSums() {
      return this == RANK_COUNTED_TWICE || this == READ_AFTER_THE_SENDER_WROTE;
    }
  }

  /** A right all-reduce with something done to its input or output, or with a step gone wrong. */
  private record Wrong(Fault fault) implements AllReduce {
    @Override
    public String parameter() {
      return fault.name();
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(
        Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
      if (fault == Fault.OPERAND_OVERWRITTEN) {
        run(rank, in, inAt, length, op);
        out.copy(outAt, in, inAt, length);
      } else {
        AllReduce.super.run(rank, in, inAt, out, outAt, length, op);
      }
    }

    @Override
    public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
      float[] x = ((Fp32Elements) buffer).data();
      float[] before = x.clone();
      int end = offset + length;
      if (isMissing(rank)) {
        Arrays.fill(x, offset, end, neutral(op));
      }
      switch (fault) {
        case LAST_ELEMENT_OF_CHUNKS_DROPPED -> chunksTooShort(rank, buffer, offset, length, op);
        case LAST_STEP_MISSING -> ring(rank, buffer, offset, length, op, 0, 2 * RANKS - 3);
        case FIRST_STEP_MISSING -> ring(rank, buffer, offset, length, op, 1, 2 * RANKS - 2);
        case RANK_COUNTED_TWICE -> {
          new DirectAllReduce().run(rank, buffer, offset, length, op);
          addAgain(rank, buffer, offset, before, length, op);
        }
        case READ_AFTER_THE_SENDER_WROTE -> oneAfterTheOther(rank, buffer, offset, length, op);
        case WRONG_OP -> new DirectAllReduce().run(rank, buffer, offset, length, other(op));
        default -> new DirectAllReduce().run(rank, buffer, offset, length, op);
      }
      spoil(rank.rank(), before, x, offset, length);
    }

    private boolean isMissing(Rank rank) {
      int members = Integer.highestOneBit(RANKS);
      return switch (fault) {
        case FIRST_RANK_MISSING -> rank.rank() == 0;
        case LAST_RANK_MISSING -> rank.rank() == RANKS - 1;
        case EXTRA_RANKS_NOT_COUNTED -> rank.rank() >= members;
        default -> false;
      };
    }

    private void spoil(int rank, float[] before, float[] x, int offset, int length) {
      int end = offset + length;
      switch (fault) {
        case NOTHING_DONE -> restore(before, x, offset, end);
        case REMAINDER_DROPPED -> restore(before, x, end - length % RANKS, end);
        case CHUNKS_SWAPPED -> {
          int chunk = Chunks.length(length, 0, RANKS);
          float[] chunk0 = Arrays.copyOfRange(x, offset, offset + chunk);
          System.arraycopy(x, offset + chunk, x, offset, chunk);
          System.arraycopy(chunk0, 0, x, offset + chunk, chunk);
        }
        case MEAN_FOR_SUM -> {
          for (int i = offset; i < end; i++) {
            x[i] /= RANKS;
          }
        }
        case EXTRA_RANKS_NOT_SERVED ->
            restore(before, x, rank >= Integer.highestOneBit(RANKS) ? offset : end, end);
        case ONE_RANK_NOT_SERVED -> restore(before, x, rank == RANKS - 1 ? offset : end, end);
        case ONE_ELEMENT_NAN -> x[offset + length / 2] = Float.NaN;
        case ONE_ELEMENT_TOO_FAR -> x[end] = 1;
        case ONE_ELEMENT_BEFORE -> x[offset - 1] = 1;
        default -> {}
      }
    }

    private static void restore(float[] before, float[] x, int from, int to) {
      System.arraycopy(before, from, x, from, to - from);
    }

    /** The direct one, with the end of each chunk off by one. */
    private static void chunksTooShort(
        Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
      rank.expose(buffer, offset);
      int start = Chunks.start(length, rank.rank(), RANKS);
      int end = Chunks.start(length, rank.rank() + 1, RANKS) - 1;
      Elements acc = rank.window(0);
      for (int peer = 1; peer < RANKS; peer++) {
        Elements theirs = rank.window(peer);
        acc.combine(
            op, rank.windowOffset(0) + start, theirs, rank.windowOffset(peer) + start, end - start);
      }
      for (int peer = 1; peer < RANKS; peer++) {
        int at = rank.windowOffset(peer) + start;
        rank.window(peer).copy(at, acc, rank.windowOffset(0) + start, end - start);
      }
      rank.synchronise(1);
    }

    /** The ring, with some of its steps. */
    private static void ring(
        Rank rank, Elements buffer, int offset, int length, ReduceOp op, int from, int to) {
      int next = (rank.rank() + 1) % RANKS;
      int prev = (rank.rank() + RANKS - 1) % RANKS;
      for (int step = from; step < to; step++) {
        int out = Math.floorMod(rank.rank() - step, RANKS);
        int in = Math.floorMod(rank.rank() - step - 1, RANKS);
        int outLength = Chunks.length(length, out, RANKS);
        int inAt = offset + Chunks.start(length, in, RANKS);
        int inLength = Chunks.length(length, in, RANKS);
        rank.post(next, buffer, offset + Chunks.start(length, out, RANKS), outLength, step);
        if (step < RANKS - 1) {
          rank.takeCombining(op, prev, buffer, inAt, inLength, step);
        } else {
          rank.takeInto(prev, buffer, inAt, inLength, step);
        }
      }
      rank.awaitReturn(next, to - 1);
    }

    /** What rank 1 had, once more. */
    private static void addAgain(
        Rank rank, Elements buffer, int offset, float[] before, int length, ReduceOp op) {
      rank.expose(new Fp32Elements(before), offset);
      buffer.combine(op, offset, rank.window(1), rank.windowOffset(1), length);
      rank.synchronise(1);
    }

    /** Ranks take turns to add up all windows, so that later ones read what is already a sum. */
    private static void oneAfterTheOther(
        Rank rank, Elements buffer, int offset, int length, ReduceOp op) {
      rank.expose(buffer, offset);
      for (int turn = 0; turn < RANKS; turn++) {
        for (int peer = 0; turn == rank.rank() && peer < RANKS; peer++) {
          if (peer != turn) {
            buffer.combine(op, offset, rank.window(peer), rank.windowOffset(peer), length);
          }
        }
        rank.synchronise(1 + turn);
      }
    }

    private static ReduceOp other(ReduceOp op) {
      return op == ReduceOp.MAX ? ReduceOp.MIN : ReduceOp.MAX;
    }

    private static float neutral(ReduceOp op) {
      return switch (op) {
        case SUM -> 0;
        case MAX -> Float.NEGATIVE_INFINITY;
        case MIN -> Float.POSITIVE_INFINITY;
      };
    }

    @Override
    public Traffic traffic(int ranks, int length) {
      return new DirectAllReduce().traffic(ranks, length);
    }
  }
}
