package dev.shardmark.collectives.alltoall;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these all-to-alls is wrong in one way. */
class AllToAllCheckTest {
  private static final int RANKS = 4;
  private static final int[][] LENGTHS = {{3, 5, 2, 9}, {4, 5, 6, 7}, {2, 9, 2, 4}, {9, 3, 8, 1}};

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongAllToAllsAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      assertThatThrownBy(() -> AllToAllCheck.verify(group, 1003))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(
              "all_to_all wrong", " is wrong", "ranks=4", "length=1003", "expected=");
      assertThatThrownBy(() -> AllToAllCheck.verify(group, LENGTHS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll(
              "all_to_all_v wrong", " is wrong", "ranks=4", "lengths=[[3, 5", "expected=");
    }
  }

  private enum Fault {
    NOTHING_DONE,
    OWN_BLOCK_MISSING,
    LAST_BLOCK_MISSING,
    BLOCK_OF_THE_SENDER,
    SENDERS_SWAPPED,
    ONE_RANK_NOT_SERVED,
    LAST_ELEMENT_DROPPED,
    SHIFTED_BY_ONE,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR,
    INPUT_CHANGED
  }

  /** A right all-to-all, with something done to its output, or other blocks copied. */
  private record Wrong(Fault fault) implements AllToAll {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(Rank rank, Blocks in, Blocks out) {
      float[] data = ((Fp32Elements) out.data()).data();
      float[] before = data.clone();
      new DirectAllToAll().run(rank, in, out);
      int last = RANKS - 1;
      int end = out.at(last) + out.length(last);
      switch (fault) {
        case NOTHING_DONE -> System.arraycopy(before, 0, data, 0, data.length);
        case OWN_BLOCK_MISSING -> restore(before, data, out, rank.rank());
        case LAST_BLOCK_MISSING -> restore(before, data, out, last);
        case BLOCK_OF_THE_SENDER -> ownBlocks(rank, in, out);
        case SENDERS_SWAPPED -> swap(data, out.at(0), out.at(1));
        case ONE_RANK_NOT_SERVED -> {
          if (rank.rank() == 2) {
            System.arraycopy(before, 0, data, 0, data.length);
          }
        }
        case LAST_ELEMENT_DROPPED -> data[end - 1] = before[end - 1];
        case SHIFTED_BY_ONE -> {
          int at = out.at(1);
          System.arraycopy(data, at, data, at + 1, out.length(1) - 1);
        }
        case ONE_ELEMENT_NAN -> data[out.at(1) + 1] = Float.NaN;
        case ONE_ELEMENT_TOO_FAR -> data[end] = 1;
        case INPUT_CHANGED -> in.data().copy(in.at(0), in.data(), in.at(1), 1);
      }
    }

    private static void restore(float[] before, float[] data, Blocks out, int from) {
      System.arraycopy(before, out.at(from), data, out.at(from), out.length(from));
    }

    private static void swap(float[] data, int a, int b) {
      float kept = data[a];
      data[a] = data[b];
      data[b] = kept;
    }

    /** Each block is the one the sender keeps, as far as it is long enough. */
    private static void ownBlocks(Rank rank, Blocks in, Blocks out) {
      rank.expose(in, 0);
      for (int from = 0; from < RANKS; from++) {
        Blocks theirs = rank.window(from, Blocks.class);
        Elements sent = theirs.data();
        int length = Math.min(theirs.length(from), out.length(from));
        out.data().copy(out.at(from), sent, theirs.at(from), length);
      }
      rank.synchronise(1);
    }

    @Override
    public Traffic traffic(int[][] lengths) {
      return new DirectAllToAll().traffic(lengths);
    }
  }
}
