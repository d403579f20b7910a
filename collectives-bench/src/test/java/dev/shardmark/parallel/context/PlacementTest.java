package dev.shardmark.parallel.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.attention.Attention;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacementTest {
  private static final int[] RANKS = {1, 2, 3, 4, 8};

  /** Lengths that a placement divides, with remainders where it takes them. */
  static int[] lengths(Placement placement, int ranks) {
    return placement == Placement.ZIGZAG
        ? new int[] {0, 2 * ranks, 4 * ranks, 6 * ranks}
        : new int[] {0, 1, ranks - 1, ranks, ranks + 1, 3 * ranks - 1, 4 * ranks + 1};
  }

  @ParameterizedTest
  @EnumSource
  void everyTokenIsWithOneRankInOrder(Placement placement) {
    for (int ranks : RANKS) {
      for (int tokens : lengths(placement, ranks)) {
        int[] all =
            IntStream.range(0, ranks)
                .flatMap(rank -> Arrays.stream(placement.positions(tokens, rank, ranks)))
                .sorted()
                .toArray();
        assertThat(all).isEqualTo(IntStream.range(0, tokens).toArray());
        for (int rank = 0; rank < ranks; rank++) {
          assertThat(placement.positions(tokens, rank, ranks)).isSorted();
          assertThat(placement.held(tokens, rank, ranks))
              .isEqualTo(placement.positions(tokens, rank, ranks).length);
        }
      }
    }
  }

  /** Of each pair of ranks: the pairs of a block are those where the key is not after the query. */
  @ParameterizedTest
  @EnumSource
  void blocksAreWhatQueriesSee(Placement placement) {
    for (int ranks : RANKS) {
      for (int tokens : lengths(placement, ranks)) {
        for (int rank = 0; rank < ranks; rank++) {
          for (int from = 0; from < ranks; from++) {
            assertSeen(placement, tokens, rank, from, ranks);
          }
        }
      }
    }
  }

  private static void assertSeen(Placement placement, int tokens, int rank, int from, int ranks) {
    int[] queries = placement.positions(tokens, rank, ranks);
    int[] keys = placement.positions(tokens, from, ranks);
    boolean[][] seen = new boolean[queries.length][keys.length];
    Placement.Block block = placement.block(tokens, rank, from, ranks);
    for (int i = 0; i < block.queries(); i++) {
      int visible = Attention.visible(i, block.queries(), block.keys(), block.causal());
      Arrays.fill(seen[block.query() + i], block.key(), block.key() + visible, true);
    }
    int pairs = 0;
    for (int i = 0; i < queries.length; i++) {
      for (int j = 0; j < keys.length; j++) {
        assertThat(seen[i][j])
            .as("%s %d of %d, rank %d from %d", placement, tokens, ranks, rank, from)
            .isEqualTo(keys[j] <= queries[i]);
        pairs += seen[i][j] ? 1 : 0;
      }
    }
    assertThat(block.isEmpty() ? 0 : block.pairs()).isEqualTo(pairs);
  }

  @ParameterizedTest
  @EnumSource
  void workIsTheSumOfTheBlocks(Placement placement) {
    for (int ranks : RANKS) {
      for (int tokens : lengths(placement, ranks)) {
        long all = 0;
        for (int rank = 0; rank < ranks; rank++) {
          long pairs = 0;
          for (int from = 0; from < ranks; from++) {
            pairs += placement.block(tokens, rank, from, ranks).pairs();
          }
          assertThat(placement.pairs(tokens, rank, ranks)).isEqualTo(pairs);
          all += pairs;
        }
        assertThat(all).isEqualTo(Attention.visiblePairs(tokens, tokens, true));
      }
    }
  }

  /** With runs the last rank works in every step: n / (2n - 1), as a long sequence has it. */
  @Test
  void efficiencyIsThatOfTheLiterature() {
    for (int ranks : RANKS) {
      int tokens = 2 * ranks * 10_000;
      double basic = ranks / (2.0 * ranks - 1);
      assertThat(Placement.CONTIGUOUS.efficiency(tokens, ranks)).isCloseTo(basic, within(1e-4));
      assertThat(Placement.ZIGZAG.efficiency(tokens, ranks)).isEqualTo(1);
      assertThat(Placement.STRIPED.efficiency(tokens, ranks)).isBetween(0.999, 1.0);
    }
    assertThat(Placement.CONTIGUOUS.efficiency(0, 4)).isEqualTo(1);
  }

  @Test
  void oddChunksAreRefused() {
    for (int tokens : new int[] {1, 4, 12, 17}) {
      assertThatThrownBy(() -> Placement.ZIGZAG.positions(tokens, 0, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "zigzag needs two equal chunks of a sequence for each rank, not odd chunks: tokens="
                  + tokens
                  + " ranks=4");
    }
  }

  @Test
  void ranksAndTokensThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Placement.CONTIGUOUS.positions(8, 4, 4))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Placement.STRIPED.positions(-1, 0, 4))
        .hasMessage("tokens must not be negative: tokens=-1");
  }
}
