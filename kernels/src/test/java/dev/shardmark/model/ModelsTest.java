package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dimensions of the catalogue add up to the published models. */
class ModelsTest {
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 8030261248, 8030261248",
    "llama-3.1-70b, 70553706496, 70553706496",
    "llama-3.1-405b, 405853388800, 405853388800",
    "mixtral-8x7b, 46702792704, 12879925248",
    "mixtral-8x22b, 140620634112, 39152031744",
    "deepseek-v3, 671026404352, 37552282624",
    "qwen3-235b-a22b, 235093634560, 22190763520",
    "qwen3-30b-a3b, 30532122624, 3353032704",
    "gpt-oss-120b, 116829156672, 5711982912",
    "gpt-oss-20b, 20914757184, 4187440704",
    "llama-4-maverick, 400711848960, 17184691200",
    "llama-4-scout, 107769861120, 17172894720",
    "kimi-k2, 1026408232448, 32861500928",
    "qwen3-0.6b, 596049920, 596049920",
    "qwen3-1.7b, 1720574976, 1720574976",
  })
  void weightsAddUp(String id, long total, long active) {
    assertThat(Models.of(id).parameters()).isEqualTo(total);
    assertThat(Models.of(id).activeParameters()).isEqualTo(active);
  }

  /**
   * Names round, cut, or (Llama-4-Scout) include a vision tower, by less than 3 % in all. gpt-oss's
   * active billions leave the input embedding out.
   */
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 8, 8",
    "llama-3.1-70b, 70, 70",
    "llama-3.1-405b, 405, 405",
    "mixtral-8x7b, 46.7, 12.9",
    "mixtral-8x22b, 141, 39",
    "deepseek-v3, 671, 37",
    "qwen3-235b-a22b, 235, 22",
    "qwen3-30b-a3b, 30.5, 3.3",
    "gpt-oss-120b, 117, 5.1",
    "gpt-oss-20b, 21, 3.6",
    "llama-4-maverick, 400, 17",
    "llama-4-scout, 109, 17",
    "kimi-k2, 1000, 32",
    "qwen3-0.6b, 0.6, 0.6",
    "qwen3-1.7b, 1.7, 1.7",
  })
  void weightsAreThoseOfTheName(String id, double billions, double activeBillions) {
    ModelConfig model = Models.of(id);
    long active = model.activeParameters();
    if (id.startsWith("gpt-oss")) {
      active -= (long) model.vocabulary() * model.hidden();
    }
    assertThat(model.parameters() / 1e9).isCloseTo(billions, withinPercentage(3));
    assertThat(active / 1e9).isCloseTo(activeBillions, withinPercentage(3));
  }

  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 0, 218112000, 218112000",
    "llama-3.1-70b, 0, 855654400, 855654400",
    "llama-3.1-405b, 0, 3187703808, 3187703808",
    "mixtral-8x7b, 0, 1451270144, 394305536",
    "mixtral-8x22b, 0, 2504060928, 692121600",
    "deepseek-v3, 2, 583483392, 583483392",
    "deepseek-v3, 3, 11507286016, 585318400",
    "qwen3-235b-a22b, 0, 2487755008, 222830848",
    "qwen3-30b-a3b, 0, 623120640, 56889600",
    "gpt-oss-120b, 0, 3213080192, 126492032",
    "gpt-oss-20b, 0, 823186976, 126215456",
    "llama-4-maverick, 0, 314583040, 314583040",
    "llama-4-maverick, 1, 16295536640, 315238400",
    "llama-4-maverick, 46, 314583040, 314583040",
    "llama-4-maverick, 47, 16295536640, 315238400",
    "llama-4-scout, 0, 2202101760, 314664960",
    "kimi-k2, 0, 497500160, 497500160",
    "kimi-k2, 1, 17059365248, 500253056",
    "qwen3-0.6b, 0, 15730944, 15730944",
    "qwen3-1.7b, 0, 50336000, 50336000",
  })
  void layerWeightsAddUp(String id, int layer, long total, long active) {
    assertThat(Models.of(id).layerWeights(layer)).isEqualTo(total);
    assertThat(Models.of(id).activeLayerWeights(layer)).isEqualTo(active);
  }

  /** In bf16, over full attention in every layer. */
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 4096, 131072",
    "llama-3.1-70b, 4096, 327680",
    "llama-3.1-405b, 4096, 516096",
    "mixtral-8x7b, 4096, 131072",
    "mixtral-8x22b, 4096, 229376",
    "deepseek-v3, 1152, 70272",
    "qwen3-235b-a22b, 2048, 192512",
    "qwen3-30b-a3b, 2048, 98304",
    "gpt-oss-120b, 2048, 73728",
    "gpt-oss-20b, 2048, 49152",
    "llama-4-maverick, 4096, 196608",
    "llama-4-scout, 4096, 196608",
    "kimi-k2, 1152, 70272",
    "qwen3-0.6b, 4096, 114688",
    "qwen3-1.7b, 4096, 114688",
  })
  void cacheAddsUp(String id, long bytesPerTokenAndLayer, long bytesPerToken) {
    assertThat(Models.of(id).kvBytesPerTokenAndLayer(2)).isEqualTo(bytesPerTokenAndLayer);
    assertThat(Models.of(id).kvBytesPerToken(2)).isEqualTo(bytesPerToken);
  }

  @Test
  void idsAreUniqueAndKebabCase() {
    assertThat(Models.all()).hasSize(15).extracting(ModelConfig::id).doesNotHaveDuplicates();
    assertThat(Models.all()).allSatisfy(model -> assertThat(model.id()).matches("[a-z0-9.-]+"));
  }

  @Test
  void namesItsSource() {
    assertThat(Models.of("mixtral-8x7b").source())
        .isEqualTo("https://huggingface.co/mistralai/Mixtral-8x7B-v0.1/blob/main/config.json");
  }

  @Test
  void refusesAnUnknownId() {
    assertThatThrownBy(() -> Models.of("llama"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "model must be one of [llama-3.1-8b, llama-3.1-70b, llama-3.1-405b, mixtral-8x7b,"
                + " mixtral-8x22b, deepseek-v3, kimi-k2, qwen3-0.6b, qwen3-1.7b, qwen3-30b-a3b,"
                + " qwen3-235b-a22b, gpt-oss-20b, gpt-oss-120b, llama-4-scout, llama-4-maverick]:"
                + " model=llama");
  }
}
