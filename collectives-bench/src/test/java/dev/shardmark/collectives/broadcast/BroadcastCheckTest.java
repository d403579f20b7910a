package dev.shardmark.collectives.broadcast;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these broadcasts is wrong in one way. */
class BroadcastCheckTest {
  private static final int RANKS = 4;
  private static final int LENGTH = 1003;
  private static final int ROOT = 1;

  @ParameterizedTest
  @EnumSource
  void wrongBroadcastsAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      assertThatThrownBy(() -> BroadcastCheck.verify(group, LENGTH, ROOT))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("broadcast ")
          .hasMessageContainingAll("is wrong", "ranks=4", "length=1003", "root=1", "expected=");
    }
  }

  private enum Fault {
    NOTHING_DONE,
    ALWAYS_FROM_RANK_0,
    FROM_THE_RANK_BEFORE,
    LAST_RANK_NOT_SERVED,
    LAST_ELEMENT_NOT_SENT,
    SHIFTED_BY_ONE,
    HALVES_SWAPPED,
    ROOT_CHANGED,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR
  }

  /** Every rank copies the root's vector, with a fault. */
  private record Wrong(Fault fault) implements Broadcast {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(Rank rank, Elements buffer, int offset, int length, int root) {
      rank.expose(buffer, offset);
      int me = rank.rank();
      boolean served =
          me != root
              && fault != Fault.NOTHING_DONE
              && !(fault == Fault.LAST_RANK_NOT_SERVED && me == RANKS - 1);
      if (served) {
        int from =
            switch (fault) {
              case ALWAYS_FROM_RANK_0 -> 0;
              case FROM_THE_RANK_BEFORE -> (me + RANKS - 1) % RANKS;
              default -> root;
            };
        int copied =
            switch (fault) {
              case LAST_ELEMENT_NOT_SENT, SHIFTED_BY_ONE -> length - 1;
              case ONE_ELEMENT_TOO_FAR -> length + 1;
              default -> length;
            };
        int shift = fault == Fault.SHIFTED_BY_ONE ? 1 : 0;
        Elements taken = rank.scratch(0, buffer, length + 1);
        taken.copy(0, rank.window(from), rank.windowOffset(from), copied);
        read(rank);
        buffer.copy(offset + shift, taken, 0, copied);
        float[] data = ((Fp32Elements) buffer).data();
        if (fault == Fault.ONE_ELEMENT_NAN) {
          data[offset + length / 2] = Float.NaN;
        } else if (fault == Fault.HALVES_SWAPPED) {
          float[] copy = data.clone();
          int half = length / 2;
          System.arraycopy(copy, offset + half, data, offset, length - half);
          System.arraycopy(copy, offset, data, offset + length - half, half);
        }
      } else {
        read(rank);
      }
      rank.synchronise(2);
      if (fault == Fault.ROOT_CHANGED && me == root) {
        ((Fp32Elements) buffer).data()[offset]++;
      }
    }

    /** All have read before any writes, or what is wrong could come out right. */
    private static void read(Rank rank) {
      rank.synchronise(1);
    }

    @Override
    public Traffic traffic(int ranks, int length, int root) {
      return new DirectBroadcast().traffic(ranks, length, root);
    }
  }
}
