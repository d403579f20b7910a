package dev.shardmark.collectives.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WaitStrategyTest {
  @Test
  void ranksWithoutACoreEachDoNotSpin() {
    assertThat(WaitStrategy.of(2, 2)).isEqualTo(WaitStrategy.CORE_EACH);
    assertThat(WaitStrategy.of(3, 2)).isEqualTo(WaitStrategy.SHARED_CORES);
    assertThat(WaitStrategy.SHARED_CORES.spins(0)).isFalse();
  }

  @Test
  void spinsThenYieldsThenParks() {
    WaitStrategy strategy = new WaitStrategy(2, 3, 1_000);
    assertThat(strategy.spins(1)).isTrue();
    assertThat(strategy.spins(2)).isFalse();
    long startNs = System.nanoTime();
    strategy.pause(5);
    assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(1_000);
  }

  @Test
  void countsMustNotBeNegative() {
    assertThatThrownBy(() -> new WaitStrategy(-1, 0, 1)).hasMessageContaining("spins=-1");
    assertThatThrownBy(() -> new WaitStrategy(0, 0, 0)).hasMessageContaining("parkNs=0");
  }
}
