package dev.shardmark.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.sampling.ReferenceSampler;
import dev.shardmark.kernels.sampling.Sampling;
import org.junit.jupiter.api.Test;

/** Samplers by name, and the logits they are timed on. */
final class SamplingChoiceTest {
  @Test
  void namesHaveUsualSettingsThatCanBeReplaced() {
    assertThat(SamplingChoice.of("greedy")).isEqualTo(Sampling.GREEDY);
    assertThat(SamplingChoice.of("temperature")).isEqualTo(Sampling.PLAIN.withTemperature(0.8f));
    assertThat(SamplingChoice.of("top-k")).isEqualTo(Sampling.PLAIN.withTopK(50));
    assertThat(SamplingChoice.of("top-p:0.5")).isEqualTo(Sampling.PLAIN.withTopP(0.5f));
    assertThat(SamplingChoice.of("min-p:0.1")).isEqualTo(Sampling.PLAIN.withMinP(0.1f));
  }

  @Test
  void refusesOtherNamesAndSettings() {
    for (String bad : new String[] {"best", "greedy:1", "best:2"}) {
      assertThatThrownBy(() -> SamplingChoice.of(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("sampler must be one of [greedy, temperature, top-k")
          .hasMessageEndingWith("sampler=" + bad);
    }
    assertThatThrownBy(() -> SamplingChoice.of("top-k:x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a sampler's setting must be a number: sampler=top-k:x");
    assertThatThrownBy(() -> SamplingChoice.of("top-p:7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("topP must be");
  }

  @Test
  void theLogitsArePeaked() {
    Matrix logits = PeakedLogits.of(1, 128256, 1);
    Sampling nucleus = SamplingChoice.of("top-p");
    assertThat(new ReferenceSampler(logits, 0, nucleus).kept()).hasSize(57);
  }
}
