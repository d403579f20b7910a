package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.model.GroupedQueryAttention.Extras;
import dev.shardmark.model.MixtureOfExperts.Biases;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, qkv, 4096, 6144",
    "llama-3.1-8b, o, 4096, 4096",
    "llama-3.1-8b, gate_up, 4096, 28672",
    "llama-3.1-8b, down, 14336, 4096",
    "llama-3.1-8b, lm_head, 4096, 128256",
    "llama-3.1-70b, qkv, 8192, 10240",
    "llama-3.1-70b, o, 8192, 8192",
    "llama-3.1-70b, gate_up, 8192, 57344",
    "llama-3.1-70b, down, 28672, 8192",
    "llama-3.1-405b, qkv, 16384, 18432",
    "llama-3.1-405b, o, 16384, 16384",
    "llama-3.1-405b, gate_up, 16384, 106496",
    "llama-3.1-405b, down, 53248, 16384",
    "deepseek-v3, q_a, 7168, 1536",
    "deepseek-v3, q_b, 1536, 24576",
    "deepseek-v3, kv_a, 7168, 576",
    "deepseek-v3, kv_b, 512, 32768",
    "deepseek-v3, o, 16384, 7168",
    "deepseek-v3, gate_up, 7168, 36864",
    "deepseek-v3, down, 18432, 7168",
    "deepseek-v3, router, 7168, 256",
    "deepseek-v3, expert_gate_up, 7168, 4096",
    "deepseek-v3, expert_down, 2048, 7168",
    "deepseek-v3, shared_gate_up, 7168, 4096",
    "deepseek-v3, shared_down, 2048, 7168",
    "qwen3-30b-a3b, o, 4096, 2048",
  })
  void weightsHaveThePublishedShapes(String id, String linear, int k, int n) {
    ModelConfig model = Models.of(id);
    assertThat(model.weight(model.linear(linear))).isEqualTo(new WeightShape(k, n));
  }

  @Test
  void layersDifferInTheirMlp() {
    ModelConfig model = Models.of("llama-4-maverick");
    assertThat(model.linears(0))
        .containsOnlyKeys(Linear.QKV, Linear.O, Linear.GATE_UP, Linear.DOWN);
    assertThat(model.linears(1).keySet())
        .containsExactly(
            Linear.QKV,
            Linear.O,
            Linear.ROUTER,
            Linear.EXPERT_GATE_UP,
            Linear.EXPERT_DOWN,
            Linear.SHARED_GATE_UP,
            Linear.SHARED_DOWN);
    assertThatThrownBy(() -> model.linears(48)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void parametersNameTheLinears() {
    for (ModelConfig model : Models.all()) {
      for (Linear linear : model.linears().keySet()) {
        assertThat(model.linear(linear.parameter())).isEqualTo(linear);
      }
    }
  }

  @Test
  void refusesALinearItDoesNotHave() {
    ModelConfig model = Models.of("mixtral-8x7b");
    String message =
        "linear must be one of [qkv, o, router, expert_gate_up, expert_down, lm_head]:"
            + " linear=gate_up model=mixtral-8x7b";
    assertThatThrownBy(() -> model.linear("gate_up"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> model.weight(Linear.GATE_UP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> model.linear("QKV")).hasMessageContaining("linear=QKV");
  }

  @Test
  void refusesImpossibleDimensions() {
    assertThatThrownBy(() -> new GroupedQueryAttention(32, 5, 128, Extras.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "key/value heads must divide the query heads, and none be empty:"
                + " heads=32 kvHeads=5 headDim=128");
    assertThatThrownBy(() -> new LatentAttention(128, 1536, 0, 64, 128, 128))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("latentRank=0");
    assertThatThrownBy(() -> new DenseMlp(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an MLP must not be empty: width=0");
    assertThatThrownBy(() -> new MixtureOfExperts(8, 9, 64, 0, DenseLayers.NONE, Biases.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topK=9 experts=8");
    for (List<Integer> bad : List.of(List.of(3, 1, 0), List.of(0, 1, 64), List.of(0, 0, 64))) {
      assertThatThrownBy(() -> new DenseLayers(bad.get(0), bad.get(1), bad.get(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("dense layers must have a width, and none without them: ");
    }
    assertThatThrownBy(() -> new ModelConfig("id", "repository", 0, 1, 1, false, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers=0");
    assertThatThrownBy(() -> new WeightShape(0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("k=0 n=4");
  }
}
