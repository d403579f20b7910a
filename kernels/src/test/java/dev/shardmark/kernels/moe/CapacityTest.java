package dev.shardmark.kernels.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What is dropped beyond a capacity, and how uneven a routing is. */
final class CapacityTest {
  @Test
  void roundsUpAndReadsTheFactorInDecimal() {
    assertThat(Capacity.of(1, 4096, 8, 64)).isEqualTo(512);
    assertThat(Capacity.of(1.25, 4096, 8, 64)).isEqualTo(640);
    assertThat(Capacity.of(1.1, 80, 1, 8)).isEqualTo(11);
    assertThat(Capacity.of(1, 7, 2, 4)).isEqualTo(4);
    assertThat(Capacity.of(1, 0, 2, 4)).isZero();
    assertThat(Capacity.of(1e300, 1, 1, 1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void dropsInTheOrderOfTokensAndThenOfChoices() {
    int[] expert = {0, 1, 0, 1, 1, 0, 2, 0};
    float[] weight = {1, 2, 3, 4, 5, 6, 7, 8};
    Routing routing = new Routing(4, 2, expert, weight);
    assertThat(new Capacity(3).drop(routing, 2)).isEqualTo(3);
    int gone = Routing.DROPPED;
    assertThat(expert).containsExactly(0, 1, 0, 1, gone, gone, 2, gone);
    assertThat(weight).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void dropsWhatIsBeyondAndNothingElse() {
    for (double factor : new double[] {0.5, 1, 1.25, 2, 100}) {
      Routing routing = PermutationTest.random(300, 2, 8, false);
      int capacity = Capacity.of(factor, 300, 2, 8);
      int beyond = 0;
      for (int load : LoadStats.of(routing, 8, 1).ofExpert()) {
        beyond += Math.max(0, load - capacity);
      }
      Capacity limit = new Capacity(8);
      assertThat(limit.drop(routing, capacity)).isEqualTo(beyond);
      assertThat(limit.drop(routing, capacity)).isZero(); // what is dropped counts no more
      assertThat(LoadStats.of(routing, 8, 1).ofRank()[0]).isEqualTo(600 - beyond);
    }
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> Capacity.of(0, 1, 1, 1))
        .hasMessage("a capacity factor must be positive: factor=0.0");
    assertThatThrownBy(() -> Capacity.of(Double.NaN, 1, 1, 1)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Capacity(1).drop(Routing.zeros(1, 1), -1))
        .hasMessage("capacity must be at least 0: capacity=-1");
    assertThatThrownBy(() -> new Capacity(0)).hasMessageContaining("experts=0");
    assertThatThrownBy(() -> LoadStats.of(Routing.zeros(1, 1), 2, 3))
        .hasMessage("ranks must be in 1..experts: ranks=3 experts=2");
  }

  @Test
  void loadIsCountedPerExpertAndPerRank() {
    Routing routing = new Routing(3, 2, new int[] {0, 1, 0, 4, 0, -1}, new float[6]);
    LoadStats stats = LoadStats.of(routing, 5, 2);
    assertThat(stats.ofExpert()).containsExactly(3, 1, 0, 0, 1);
    assertThat(stats.ofRank()).containsExactly(4, 1); // experts 0 to 1 and 2 to 4
    assertThat(stats.expertImbalance()).isCloseTo(3, within(1e-12));
    assertThat(stats.rankImbalance()).isCloseTo(1.6, within(1e-12));
    assertThat(LoadStats.of(Routing.zeros(0, 1), 4, 4).expertImbalance()).isEqualTo(1);
  }
}
