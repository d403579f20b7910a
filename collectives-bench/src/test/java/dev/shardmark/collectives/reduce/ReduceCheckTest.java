package dev.shardmark.collectives.reduce;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these reduces is wrong in one way. */
class ReduceCheckTest {
  private static final int RANKS = 4;
  private static final int LENGTH = 1005;
  private static final int ROOT = 1;

  @ParameterizedTest
  @EnumSource
  void wrongReducesAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      for (ReduceOp op : ReduceOp.values()) {
        assertThatThrownBy(() -> ReduceCheck.verify(group, LENGTH, op, ROOT))
            .as("%s", op)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("reduce ")
            .hasMessageContainingAll("is wrong", "ranks=4", "length=1005", "root=1", "expected=");
      }
    }
  }

  private enum Fault {
    NOTHING_DONE,
    FIRST_RANK_MISSING,
    LAST_RANK_MISSING,
    ROOT_MISSING,
    ALWAYS_AT_RANK_0,
    ALL_RANKS_GET_IT,
    MEAN_FOR_SUM,
    LAST_ELEMENT_NOT_COMBINED,
    SHIFTED_BY_ONE,
    OPERAND_USED_AS_SCRATCH,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR
  }

  /** Every rank combines all vectors; the root, with a fault, stores the result. */
  private record Wrong(Fault fault) implements Reduce {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(Rank rank, Elements buffer, int offset, int length, ReduceOp op, int root) {
      rank.expose(buffer, offset);
      float[] result = new float[length + 1];
      for (int i = 0; i < length; i++) {
        int at = fault == Fault.SHIFTED_BY_ONE ? (i + 1) % length : i;
        result[i] = combined(rank, at, op, root);
      }
      rank.synchronise(1);
      int stored =
          switch (fault) {
            case NOTHING_DONE -> 0;
            case LAST_ELEMENT_NOT_COMBINED -> length - 1;
            case ONE_ELEMENT_TOO_FAR -> length + 1;
            default -> length;
          };
      if (fault == Fault.ONE_ELEMENT_NAN) {
        result[length / 2] = Float.NaN;
      }
      int me = rank.rank();
      float[] data = ((Fp32Elements) buffer).data();
      boolean stores =
          fault == Fault.ALL_RANKS_GET_IT || me == (fault == Fault.ALWAYS_AT_RANK_0 ? 0 : root);
      if (stores) {
        System.arraycopy(result, 0, data, offset, stored);
      } else if (fault == Fault.OPERAND_USED_AS_SCRATCH && me == RANKS - 1) {
        data[offset + 2] = op.apply(data[offset + 2], data[offset + 3]) + 1;
      }
    }

    private float combined(Rank rank, int at, ReduceOp op, int root) {
      int missing =
          switch (fault) {
            case FIRST_RANK_MISSING -> 0;
            case LAST_RANK_MISSING -> RANKS - 1;
            case ROOT_MISSING -> root;
            default -> RANKS;
          };
      int first = missing == 0 ? 1 : 0;
      float combined = x(rank, first, at);
      for (int peer = first + 1; peer < RANKS; peer++) {
        combined = peer == missing ? combined : op.apply(combined, x(rank, peer, at));
      }
      return fault == Fault.MEAN_FOR_SUM ? combined / RANKS : combined;
    }

    private static float x(Rank rank, int peer, int at) {
      return ((Fp32Elements) rank.window(peer)).data()[rank.windowOffset(peer) + at];
    }

    @Override
    public Traffic traffic(int ranks, int length, int root) {
      return new DirectReduce().traffic(ranks, length, root);
    }
  }
}
