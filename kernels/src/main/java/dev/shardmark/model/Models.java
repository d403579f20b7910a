package dev.shardmark.model;

import dev.shardmark.model.GroupedQueryAttention.Extras;
import dev.shardmark.model.MixtureOfExperts.Biases;
import java.util.List;
import java.util.Locale;

/**
 * The published models whose shapes are measured.
 *
 * <p>Dimensions are those of each model's {@code config.json}. What it does not list is from the
 * published model code: Qwen3's query and key norms, gpt-oss's biases and sinks, Llama 4's one
 * shared expert, the router bias of DeepSeek-V3 and Kimi-K2. That bias is counted for Kimi-K2
 * alone, as in the totals the tests hold; for DeepSeek-V3 it would add 14,848 weights to 671
 * billion.
 */
public final class Models {
  private static final List<ModelConfig> ALL =
      List.of(
          llama3("8B", 32, 4096, 32, 14336),
          llama3("70B", 80, 8192, 64, 28672),
          llama3("405B", 126, 16384, 128, 53248),
          mixtral("8x7B", 32, 4096, 32, 14336),
          mixtral("8x22B", 56, 6144, 48, 16384),
          deepseek(
              "deepseek-v3",
              "deepseek-ai/DeepSeek-V3",
              129280,
              128,
              new MixtureOfExperts(256, 8, 2048, 2048, new DenseLayers(3, 1, 18432), Biases.NONE)),
          deepseek(
              "kimi-k2",
              "moonshotai/Kimi-K2-Instruct",
              163840,
              64,
              new MixtureOfExperts(
                  384, 8, 2048, 2048, new DenseLayers(1, 1, 18432), Biases.ROUTER)),
          qwen3("0.6B", 1024, 3072),
          qwen3("1.7B", 2048, 6144),
          qwen3Experts("30B-A3B", 48, 2048, 32, 768),
          qwen3Experts("235B-A22B", 94, 4096, 64, 1536),
          gptOss("20b", 24, 32),
          gptOss("120b", 36, 128),
          llama4("llama-4-scout", "Scout-17B-16E", 16, DenseLayers.NONE),
          llama4("llama-4-maverick", "Maverick-17B-128E", 128, new DenseLayers(0, 2, 16384)));

  private Models() {}

  public static List<ModelConfig> all() {
    return ALL;
  }

  /**
   * The model an id names.
   *
   * @throws IllegalArgumentException naming the accepted ids, if there is none
   */
  public static ModelConfig of(String id) {
    for (ModelConfig model : ALL) {
      if (model.id().equals(id)) {
        return model;
      }
    }
    throw new IllegalArgumentException(
        "model must be one of " + ALL.stream().map(ModelConfig::id).toList() + ": model=" + id);
  }

  private static ModelConfig llama3(String size, int layers, int hidden, int heads, int width) {
    return new ModelConfig(
        id("llama-3.1-" + size),
        "meta-llama/Llama-3.1-" + size,
        layers,
        hidden,
        128256,
        false,
        new GroupedQueryAttention(heads, 8, 128, Extras.NONE),
        new DenseMlp(width));
  }

  private static ModelConfig mixtral(String size, int layers, int hidden, int heads, int width) {
    return new ModelConfig(
        id("mixtral-" + size),
        "mistralai/Mixtral-" + size + "-v0.1",
        layers,
        hidden,
        32000,
        false,
        new GroupedQueryAttention(heads, 8, 128, Extras.NONE),
        new MixtureOfExperts(8, 2, width, 0, DenseLayers.NONE, Biases.NONE));
  }

  private static ModelConfig deepseek(
      String id, String repository, int vocabulary, int heads, MixtureOfExperts experts) {
    return new ModelConfig(
        id,
        repository,
        61,
        7168,
        vocabulary,
        false,
        new LatentAttention(heads, 1536, 512, 64, 128, 128),
        experts);
  }

  private static ModelConfig qwen3(String size, int hidden, int width) {
    return new ModelConfig(
        id("qwen3-" + size),
        "Qwen/Qwen3-" + size,
        28,
        hidden,
        151936,
        true,
        new GroupedQueryAttention(16, 8, 128, Extras.QK_NORM),
        new DenseMlp(width));
  }

  private static ModelConfig qwen3Experts(
      String size, int layers, int hidden, int heads, int width) {
    return new ModelConfig(
        id("qwen3-" + size),
        "Qwen/Qwen3-" + size,
        layers,
        hidden,
        151936,
        false,
        new GroupedQueryAttention(heads, 4, 128, Extras.QK_NORM),
        new MixtureOfExperts(128, 8, width, 0, DenseLayers.NONE, Biases.NONE));
  }

  private static ModelConfig gptOss(String size, int layers, int experts) {
    return new ModelConfig(
        "gpt-oss-" + size,
        "openai/gpt-oss-" + size,
        layers,
        2880,
        201088,
        false,
        new GroupedQueryAttention(64, 8, 64, Extras.BIASES_AND_SINKS),
        new MixtureOfExperts(experts, 4, 2880, 0, DenseLayers.NONE, Biases.ROUTER_AND_EXPERTS));
  }

  private static ModelConfig llama4(String id, String name, int experts, DenseLayers dense) {
    return new ModelConfig(
        id,
        "meta-llama/Llama-4-" + name + "-Instruct",
        48,
        5120,
        202048,
        false,
        new GroupedQueryAttention(40, 8, 128, Extras.NONE),
        new MixtureOfExperts(experts, 1, 8192, 8192, dense, Biases.NONE));
  }

  private static String id(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
