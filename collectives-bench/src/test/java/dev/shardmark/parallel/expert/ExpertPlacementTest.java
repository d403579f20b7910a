package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpertPlacementTest {
  private static final long[] LOADS = {50, 1, 9, 40, 8, 2, 10, 0};

  @Test
  void contiguousRanksHoldExpertsInARow() {
    ExpertPlacement placement = ExpertPlacement.contiguous(6, 3);
    assertThat(held(placement)).isDeepEqualTo(new int[][] {{0, 1}, {2, 3}, {4, 5}});
    assertThat(placement.slots()).isEqualTo(2);
    assertThat(placement.place(3, 0)).isEqualTo(3);
  }

  @Test
  void roundRobinDealsThemOut() {
    ExpertPlacement placement = ExpertPlacement.roundRobin(6, 3);
    assertThat(held(placement)).isDeepEqualTo(new int[][] {{0, 3}, {1, 4}, {2, 5}});
    assertThat(placement.placesFrom(1)).containsExactly(0, 2, 4, 1, 3, 5);
  }

  /** 50 and 40; 10 makes them even, so 9 is the first's; 8 and 2 fill the second. */
  @Test
  void byLoadGivesTheHeaviestToTheLeastLoadedRankWithRoom() {
    ExpertPlacement placement = ExpertPlacement.byLoad(LOADS, 2);
    assertThat(held(placement)).isDeepEqualTo(new int[][] {{0, 1, 2, 7}, {3, 4, 5, 6}});
    assertThat(held(ExpertPlacement.byLoad(LOADS, 4)))
        .isDeepEqualTo(new int[][] {{0, 7}, {1, 3}, {5, 6}, {2, 4}});
  }

  @Test
  void byLoadIsNeverWorseThanTheOthersHere() {
    long even = most(ExpertPlacement.byLoad(LOADS, 4));
    assertThat(even).isLessThan(most(ExpertPlacement.contiguous(8, 4)));
    assertThat(even).isLessThan(most(ExpertPlacement.roundRobin(8, 4)));
  }

  @Test
  void everyExpertIsSomewhereOnce() {
    for (int ranks : new int[] {1, 2, 4, 8}) {
      for (ExpertPlacement placement :
          new ExpertPlacement[] {
            ExpertPlacement.contiguous(8, ranks),
            ExpertPlacement.roundRobin(8, ranks),
            ExpertPlacement.byLoad(LOADS, ranks)
          }) {
        int[] all =
            IntStream.range(0, ranks)
                .flatMap(rank -> Arrays.stream(placement.held(rank)))
                .sorted()
                .toArray();
        assertThat(all).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        for (int e = 0; e < 8; e++) {
          assertThat(placement.expertAt(placement.place(e, 0))).isEqualTo(e);
        }
      }
    }
  }

  @Test
  void copiesAreOfTheMostLoadedAndNearWhereTheyCanBe() {
    ExpertPlacement placement = ExpertPlacement.contiguous(8, 4).withCopies(LOADS, 4);
    assertThat(placement.slots()).isEqualTo(3);
    assertThat(placement.experts()).isEqualTo(8);
    assertThat(IntStream.range(0, 8).map(placement::copies).sum()).isEqualTo(12);
    assertThat(placement.copies(0)).isGreaterThan(1);
    assertThat(placement.copies(3)).isGreaterThan(1);
    for (int rank = 0; rank < 4; rank++) {
      assertThat(placement.held(rank)).doesNotHaveDuplicates().isSorted();
      for (int e : placement.held(rank)) {
        assertThat(placement.place(e, rank) / placement.slots()).isEqualTo(rank);
      }
    }
  }

  @Test
  void moreRanksThanExpertsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpertPlacement.contiguous(8, 16))
        .withMessage("expert degree must be in 1..experts: expert=16 experts=8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpertPlacement.byLoad(LOADS, 0))
        .withMessage("expert degree must be in 1..experts: expert=0 experts=8");
  }

  @Test
  void aDegreeThatDoesNotDivideIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpertPlacement.roundRobin(8, 3))
        .withMessage("expert degree must divide the experts: expert=3 experts=8");
  }

  @Test
  void copiesThatAreNotAsManyOnEachRankAreRefused() {
    ExpertPlacement placement = ExpertPlacement.contiguous(8, 4);
    for (int copies : new int[] {-4, 3, 28}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> placement.withCopies(LOADS, copies))
          .withMessageStartingWith("copies must be as many on each rank")
          .withMessageContaining("copies=" + copies + " ranks=4 held=2 experts=8");
    }
  }

  @Test
  void loadsOfOtherExpertsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpertPlacement.contiguous(6, 3).withCopies(LOADS, 3))
        .withMessage("every expert needs a load: loads=8 experts=6");
  }

  private static int[][] held(ExpertPlacement placement) {
    int[][] held = new int[placement.ranks()][];
    Arrays.setAll(held, placement::held);
    return held;
  }

  private static long most(ExpertPlacement placement) {
    return IntStream.range(0, placement.ranks())
        .mapToLong(rank -> Arrays.stream(placement.held(rank)).mapToLong(e -> LOADS[e]).sum())
        .max()
        .orElseThrow();
  }
}
