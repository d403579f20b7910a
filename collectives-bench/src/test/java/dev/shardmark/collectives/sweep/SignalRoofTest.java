package dev.shardmark.collectives.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.collectives.RankGroup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalRoofTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  @Test
  void twoRanksNeedTimeToSeeEachOther() {
    try (RankGroup group = RankGroup.open(2, DEADLINE)) {
      assertThat(SignalRoof.exchangeNs(group)).isPositive();
    }
  }

  @Test
  void oneRankHasNobodyToExchangeWith() {
    try (RankGroup group = RankGroup.open(1, DEADLINE)) {
      assertThatThrownBy(() -> SignalRoof.exchangeNs(group))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("two ranks must exchange: ranks=1");
    }
  }
}
