package dev.shardmark.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;
import org.junit.jupiter.api.Test;

class LayerSpecTest {
  @Test
  void layersOfPublishedModels() {
    assertThat(LayerSpec.of(Models.of("llama-3.1-8b"), 5))
        .isEqualTo(LayerSpec.dense(4096, 32, 8, 128, 14336));
    assertThat(LayerSpec.of(Models.of("mixtral-8x7b"), 0))
        .isEqualTo(
            LayerSpec.dense(4096, 32, 8, 128, 14336)
                .withExperts(8, 2, 0, RoutingRule.topKThenSoftmax()));
    assertThat(LayerSpec.of(Models.of("qwen3-0.6b"), 0).headNorm()).isTrue();
    assertThat(LayerSpec.of(Models.of("llama-4-maverick"), 0).experts()).isZero();
    assertThat(LayerSpec.of(Models.of("llama-4-maverick"), 1).rule())
        .isEqualTo(RoutingRule.sigmoid());
  }

  @Test
  void hasTheWeightsOfTheModelsLayer() {
    for (String id : new String[] {"llama-3.1-405b", "mixtral-8x22b", "qwen3-30b-a3b"}) {
      ModelConfig model = Models.of(id);
      assertThat(LayerSpec.of(model, 0).weights()).as(id).isEqualTo(model.layerWeights(0));
    }
  }

  @Test
  void refusesWhatLayersHereDoNotHave() {
    assertThatThrownBy(() -> LayerSpec.of(Models.of("deepseek-v3"), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a layer's heads must have keys and values of their own, not a latent:"
                + " model=deepseek-v3");
    assertThatThrownBy(() -> LayerSpec.of(Models.of("gpt-oss-20b"), 0))
        .hasMessage("a layer must have neither biases nor sinks: model=gpt-oss-20b");
  }

  @Test
  void tokensHavePlaces() {
    Tokens tokens = new Tokens(new int[] {2, 0, 3}, new int[] {4, 5, 0, 1, 2});
    assertThat(tokens.rows()).isEqualTo(5);
    assertThat(tokens.firstRow(2)).isEqualTo(2);
    assertThat(tokens.firstRow(3)).isEqualTo(5);
    assertThat(tokens.sequenceOf(1)).isZero();
    assertThat(tokens.sequenceOf(2)).isEqualTo(2);
    assertThatThrownBy(() -> new Tokens(new int[] {2}, new int[3]))
        .hasMessage("every token must have a position: counts=[2] positions=3");
  }
}
