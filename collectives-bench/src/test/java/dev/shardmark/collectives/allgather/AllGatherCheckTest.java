package dev.shardmark.collectives.allgather;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.Chunks;
import dev.shardmark.collectives.Elements;
import dev.shardmark.collectives.Fp32Elements;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Traffic;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker must be able to fail: each of these all-gathers is wrong in one way. */
class AllGatherCheckTest {
  private static final int RANKS = 4;
  private static final int LENGTH = 1003;

  @ParameterizedTest
  @EnumSource
  @Tag("kill-list")
  void wrongAllGathersAreRejected(Fault fault) {
    try (RankGroup group = RankGroup.open(RANKS, Duration.ofSeconds(20), new Wrong(fault))) {
      assertThatThrownBy(() -> AllGatherCheck.verify(group, LENGTH))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("all_gather ")
          .hasMessageContainingAll("is wrong", "ranks=4", "length=1003", "expected=");
    }
  }

  private enum Fault {
    NOTHING_DONE,
    OWN_CHUNK_NOT_COPIED,
    CHUNKS_OF_EQUAL_LENGTH,
    CHUNKS_FROM_OWN_ON,
    CHUNKS_SWAPPED,
    CHUNK_TURNED_BY_ONE,
    OWN_CHUNK_EVERYWHERE,
    ONE_RANK_NOT_SERVED,
    OPERAND_CHANGED,
    ONE_ELEMENT_NAN,
    ONE_ELEMENT_TOO_FAR,
    GUARD_COPIED
  }

  /** Every rank reads the chunks of all, then stores them, with a fault. */
  private record Wrong(Fault fault) implements AllGather {
    @Override
    public String parameter() {
      return "wrong";
    }

    @Override
    public boolean needsSharedMemory() {
      return true;
    }

    @Override
    public void run(Rank rank, Elements in, int inAt, Elements out, int outAt, int length) {
      rank.expose(in, inAt);
      int me = rank.rank();
      float[] to = ((Fp32Elements) out).data();
      float[] result = Arrays.copyOfRange(to, outAt, outAt + length + 1);
      if (fault != Fault.NOTHING_DONE && !(fault == Fault.ONE_RANK_NOT_SERVED && me == 2)) {
        for (int place = 0; place < RANKS; place++) {
          gather(rank, place, result);
        }
      }
      rank.synchronise(1);
      float[] own = ((Fp32Elements) in).data();
      switch (fault) {
        case OWN_CHUNK_NOT_COPIED -> {
          int start = Chunks.start(length, me, RANKS);
          Arrays.fill(result, start, Chunks.start(length, me + 1, RANKS), Float.NaN);
        }
        case OPERAND_CHANGED -> own[inAt]++;
        case ONE_ELEMENT_NAN -> result[length / 2] = Float.NaN;
        case ONE_ELEMENT_TOO_FAR -> result[length] = 1;
        default -> {}
      }
      System.arraycopy(result, 0, to, outAt, length + 1);
    }

    private void gather(Rank rank, int place, float[] result) {
      int peer =
          switch (fault) {
            case CHUNKS_FROM_OWN_ON -> (rank.rank() + place) % RANKS;
            case CHUNKS_SWAPPED -> place ^ 1;
            case OWN_CHUNK_EVERYWHERE -> rank.rank();
            default -> place;
          };
      int at = Chunks.start(LENGTH, place, RANKS);
      int chunk = Chunks.length(LENGTH, place, RANKS);
      int copied =
          switch (fault) {
            case CHUNKS_OF_EQUAL_LENGTH -> LENGTH / RANKS;
            case CHUNKS_FROM_OWN_ON, CHUNKS_SWAPPED, OWN_CHUNK_EVERYWHERE ->
                Math.min(chunk, Chunks.length(LENGTH, peer, RANKS));
            case GUARD_COPIED -> place == RANKS - 1 ? chunk + 1 : chunk;
            default -> chunk;
          };
      float[] from = ((Fp32Elements) rank.window(peer)).data();
      int first = rank.windowOffset(peer);
      for (int i = 0; i < copied; i++) {
        int turned = fault == Fault.CHUNK_TURNED_BY_ONE ? (i + 1) % chunk : i;
        result[at + i] = from[first + turned];
      }
    }

    @Override
    public Traffic traffic(int ranks, int length) {
      return new DirectAllGather().traffic(ranks, length);
    }
  }
}
