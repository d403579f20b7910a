package dev.shardmark.collectives.allreduce;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these all-reduces is wrong in one way. */
class AllReduceCheckTest {
  private static final int RANKS = 4;
  private static final int LENGTH = 1003;

  @ParameterizedTest
  @EnumSource
  void wrongAllReducesAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      for (ReduceOp op : ReduceOp.values()) {
        assertThatThrownBy(() -> AllReduceCheck.verify(group, LENGTH, op))
            .as("%s", op)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll("Wrong is wrong", "ranks=4", "length=1003", "expected=");
      }
    }
  }

  private enum Fault {
    NOTHING_DONE,
    REMAINDER_DROPPED,
    MEAN_FOR_SUM,
    CHUNKS_SWAPPED,
    FIRST_RANK_MISSING,
    LAST_RANK_MISSING,
    ONE_RANK_NOT_SERVED,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR
  }

  /** A right all-reduce, with something done to its input or its output. */
  private record Wrong(Fault fault) implements AllReduce {
    @Override
    public void run(Rank rank, float[] x, int offset, int length, ReduceOp op) {
      float[] in = x.clone();
      int end = offset + length;
      boolean first = rank.rank() == 0;
      boolean last = rank.rank() == RANKS - 1;
      if (fault == Fault.FIRST_RANK_MISSING && first || fault == Fault.LAST_RANK_MISSING && last) {
        Arrays.fill(x, offset, end, neutral(op));
      }
      new DirectAllReduce().run(rank, x, offset, length, op);
      switch (fault) {
        case NOTHING_DONE -> System.arraycopy(in, 0, x, 0, x.length);
        case REMAINDER_DROPPED -> {
          int remainder = length % RANKS;
          System.arraycopy(in, end - remainder, x, end - remainder, remainder);
        }
        case MEAN_FOR_SUM -> {
          for (int i = offset; i < end; i++) {
            x[i] /= RANKS;
          }
        }
        case CHUNKS_SWAPPED -> {
          int chunk = Chunks.length(length, 0, RANKS);
          float[] chunk0 = Arrays.copyOfRange(x, offset, offset + chunk);
          System.arraycopy(x, offset + chunk, x, offset, chunk);
          System.arraycopy(chunk0, 0, x, offset + chunk, chunk);
        }
        case ONE_RANK_NOT_SERVED -> System.arraycopy(last ? in : x, 0, x, 0, x.length);
        case ONE_ELEMENT_NAN -> x[offset + length / 2] = Float.NaN;
        case ONE_ELEMENT_TOO_FAR -> x[end] = 1;
        case FIRST_RANK_MISSING, LAST_RANK_MISSING -> {}
      }
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
