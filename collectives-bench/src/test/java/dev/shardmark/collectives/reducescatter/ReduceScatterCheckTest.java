package dev.shardmark.collectives.reducescatter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these reduce-scatters is wrong in one way. */
class ReduceScatterCheckTest {
  private static final int RANKS = 4;
  private static final int LENGTH = 1003;

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongReduceScattersAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      for (ReduceOp op : ReduceOp.values()) {
        assertThatThrownBy(() -> ReduceScatterCheck.verify(group, LENGTH, op))
            .as("%s", op)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageStartingWith("reduce_scatter ")
            .hasMessageContainingAll("is wrong", "ranks=4", "length=1003", "expected=");
      }
    }
  }

  private enum Fault {
    NOTHING_DONE,
    FIRST_RANK_MISSING,
    LAST_RANK_MISSING,
    LAST_ELEMENT_NOT_COMBINED,
    MEAN_FOR_SUM,
    CHUNK_OF_NEXT_RANK,
    CHUNK_TURNED_BY_ONE,
    ONE_RANK_NOT_SERVED,
    OPERAND_CHANGED,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR
  }

  private record Wrong(Fault fault) implements ReduceScatter {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(
        Rank rank, Elements in, int inAt, Elements out, int outAt, int length, ReduceOp op) {
      rank.expose(in, inAt);
      int me = rank.rank();
      int start = Chunks.start(length, me, RANKS);
      int mine = Chunks.length(length, me, RANKS);
      float[] result = new float[mine];
      for (int i = 0; i < mine; i++) {
        result[i] = combined(rank, start, mine, i, op);
      }
      rank.synchronise(1);
      if (fault == Fault.NOTHING_DONE || fault == Fault.ONE_RANK_NOT_SERVED && me == 2) {
        return;
      }
      float[] to = ((Fp32Elements) out).data();
      System.arraycopy(result, 0, to, outAt, mine);
      switch (fault) {
        case OPERAND_CHANGED -> ((Fp32Elements) in).data()[inAt + (start + mine) % length]++;
        case ONE_ELEMENT_NAN -> to[outAt + mine / 2] = Float.NaN;
        case ONE_ELEMENT_TOO_FAR -> to[outAt + mine] = result[0];
        default -> {}
      }
    }

    private float combined(Rank rank, int start, int mine, int i, ReduceOp op) {
      boolean lastAlone = fault == Fault.LAST_ELEMENT_NOT_COMBINED && i == mine - 1;
      int at =
          switch (fault) {
            case CHUNK_OF_NEXT_RANK -> (start + mine) % LENGTH + i % (LENGTH / RANKS);
            case CHUNK_TURNED_BY_ONE -> start + (i + 1) % mine;
            default -> start + i;
          };
      int first = lastAlone ? rank.rank() : fault == Fault.FIRST_RANK_MISSING ? 1 : 0;
      int end = lastAlone ? first + 1 : fault == Fault.LAST_RANK_MISSING ? RANKS - 1 : RANKS;
      float combined = x(rank, first, at);
      for (int peer = first + 1; peer < end; peer++) {
        combined = op.apply(combined, x(rank, peer, at));
      }
      return fault == Fault.MEAN_FOR_SUM ? combined / RANKS : combined;
    }

    private static float x(Rank rank, int peer, int at) {
      return ((Fp32Elements) rank.window(peer)).data()[rank.windowOffset(peer) + at];
    }

    @Override
    public Traffic traffic(int ranks, int length) {
      return new DirectReduceScatter().traffic(ranks, length);
    }
  }
}
