package dev.shardmark.kernels.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RoutingRuleTest {
  @Test
  void publishedRulesHaveNames() {
    assertThat(RoutingRule.of("softmax-topk").renormalised()).isFalse();
    assertThat(RoutingRule.of("topk-softmax").renormalised()).isTrue();
    assertThat(RoutingRule.of("sigmoid").scoring()).isEqualTo(Scoring.SIGMOID);
    assertThat(RoutingRule.of("kimi-k2").groups()).isEqualTo(1);
    RoutingRule deepSeek = RoutingRule.of("deepseek-v3");
    assertThat(deepSeek).isEqualTo(new RoutingRule(Scoring.SIGMOID, true, 8, 4, 2.5f));
    assertThatThrownBy(() -> RoutingRule.of("top-k"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            "[softmax-topk, topk-softmax, sigmoid, kimi-k2, deepseek-v3]: rule=top-k");
  }

  @Test
  void refusesWhatNoModelCanMean() {
    assertThatThrownBy(() -> new RoutingRule(Scoring.SIGMOID, true, 4, 5, 1))
        .hasMessage("groupsKept must be in 1..groups: groupsKept=5 groups=4");
    assertThatThrownBy(() -> new RoutingRule(Scoring.SIGMOID, true, 4, 0, 1))
        .hasMessageContaining("groupsKept=0");
    assertThatThrownBy(() -> new RoutingRule(Scoring.SOFTMAX, true, 4, 2, 1))
        .hasMessage("only sigmoid scores have groups: scoring=SOFTMAX groups=4");
    for (float scaling : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new RoutingRule(Scoring.SIGMOID, true, 1, 1, scaling))
          .hasMessage("scaling must be positive: scaling=" + scaling);
    }
  }
}
