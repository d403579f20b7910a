package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published figures for one rank of a plan. */
class ModelShardTest {
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;

  @ParameterizedTest
  @CsvSource({
    "llama-3.1-70b, 8, qkv, 8192, 1280",
    "llama-3.1-70b, 8, o, 1024, 8192",
    "llama-3.1-70b, 8, gate_up, 8192, 7168",
    "llama-3.1-70b, 8, down, 3584, 8192",
    "llama-3.1-70b, 8, lm_head, 8192, 16032",
    "llama-3.1-70b, 16, qkv, 8192, 768",
    "deepseek-v3, 16, q_a, 7168, 1536",
    "deepseek-v3, 16, q_b, 1536, 1536",
    "deepseek-v3, 16, kv_a, 7168, 576",
    "deepseek-v3, 16, kv_b, 512, 2048",
    "deepseek-v3, 16, o, 1024, 7168",
    "deepseek-v3, 16, router, 7168, 256",
    "deepseek-v3, 16, expert_gate_up, 7168, 256",
    "deepseek-v3, 16, expert_down, 128, 7168",
    "deepseek-v3, 16, shared_down, 128, 7168",
  })
  void tensorRanksHoldASlice(String id, int tensor, String linear, int k, int n) {
    ModelConfig model = Models.of(id);
    ModelShard shard = model.shard(ONE.withTensor(tensor));
    assertThat(shard.weight(model.linear(linear))).isEqualTo(new WeightShape(k, n));
    assertThat(shard.shape(model.linear(linear), 96).k()).isEqualTo(k);
    assertThat(shard.shape(model.linear(linear), 96).n()).isEqualTo(n);
  }

  @Test
  void anMlpShardOf70bWeighs117MB() {
    ModelShard shard = Models.of("llama-3.1-70b").shard(ONE.withTensor(8));
    assertThat(shard.weight(Linear.DOWN).bytes(4)).isEqualTo(117_440_512);
  }

  @ParameterizedTest
  @CsvSource({"llama-3.1-8b, 109", "llama-3.1-70b, 428", "llama-3.1-405b, 1594"})
  void aLayerOfEightRanksInFp32(String id, double megabytes) {
    ModelShard shard = Models.of(id).shard(ONE.withTensor(8));
    assertThat(4 * shard.layerWeights(0) / 1e6).isCloseTo(megabytes, within(0.5));
  }

  /** In bf16. Latents are replicated from the first rank on, key/value heads from the k-th. */
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 8, 16384",
    "llama-3.1-8b, 16, 16384",
    "llama-3.1-70b, 8, 40960",
    "llama-3.1-70b, 16, 40960",
    "llama-3.1-405b, 8, 64512",
    "llama-3.1-405b, 16, 64512",
    "qwen3-235b-a22b, 2, 96256",
    "qwen3-235b-a22b, 4, 48128",
    "qwen3-235b-a22b, 16, 48128",
    "deepseek-v3, 16, 70272",
  })
  void cacheShardingStopsAtTheKvHeads(String id, int tensor, long bytesPerToken) {
    ModelConfig model = Models.of(id);
    assertThat(model.shard(ONE.withTensor(tensor)).kvBytesPerToken(2)).isEqualTo(bytesPerToken);
  }

  @Test
  void pipelineRanksCacheTheirLayers() {
    ModelShard shard = Models.of("llama-3.1-405b").shard(ONE.withTensor(8).withPipeline(9));
    assertThat(shard.layers()).isEqualTo(14);
    assertThat(shard.kvBytesPerToken(2)).isEqualTo(64512 / 9);
  }

  /** All 512 tokens of the expert group, over as many ranks as there are experts. */
  @ParameterizedTest
  @CsvSource({
    "mixtral-8x7b, 128, 123",
    "mixtral-8x22b, 128, 124",
    "deepseek-v3, 16, 15.8",
    "kimi-k2, 10.7, 10.6",
    "qwen3-235b-a22b, 32, 31.1",
    "qwen3-30b-a3b, 32, 30.3",
    "gpt-oss-120b, 16, 15.8",
    "llama-4-scout, 32, 31.7",
    "llama-4-maverick, 4, 4.0",
  })
  void expertsMeetFewRows(String id, double rows, double bf16Intensity) {
    ModelConfig model = Models.of(id);
    int experts = model.feedForward().experts();
    ModelShard shard = model.shard(ONE.withData(experts).withExpert(experts));
    assertThat(shard.experts()).isEqualTo(1);
    assertThat(shard.expectedRowsPerExpert(512)).isCloseTo(rows, within(0.05));
    LinearShape down = shard.shape(Linear.EXPERT_DOWN, 512);
    assertThat(down.m()).isEqualTo((int) Math.ceil(shard.expectedRowsPerExpert(512)));
    double intensityPerRow = down.work(2).intensity() / down.m();
    assertThat(intensityPerRow * rows)
        .isCloseTo(bf16Intensity, within(bf16Intensity < 100 ? 0.05 : 0.5));
  }

  @Test
  void copiesOfAnExpertShareItsTokens() {
    ModelConfig model = Models.of("mixtral-8x7b");
    assertThat(rows(model, ONE)).isEqualTo(128);
    assertThat(rows(model, ONE.withTensor(8))).as("split by width").isEqualTo(128);
    assertThat(rows(model, ONE.withTensor(8).withExpert(8))).as("whole").isEqualTo(128);
    assertThat(rows(model, ONE.withData(4))).as("one copy per replica").isEqualTo(32);
    assertThat(rows(model, ONE.withData(4).withExpert(2))).as("two copies").isEqualTo(64);
    assertThat(rows(model, ONE.withTensor(2).withContext(2).withData(2).withExpert(4)))
        .as("two copies")
        .isEqualTo(64);
  }

  private static double rows(ModelConfig model, ShardPlan plan) {
    return model.shard(plan).expectedRowsPerExpert(512);
  }

  @Test
  void tokensDivideRoundedUp() {
    ModelShard shard =
        Models.of("llama-3.1-8b")
            .shard(ONE.withTensor(4).withContext(2).withPipeline(2).withData(3));
    assertThat(shard.tokens(600)).isEqualTo(100);
    assertThat(shard.tokens(601)).isEqualTo(101);
    assertThat(shard.tokens(0)).isZero();
    assertThat(shard.shape(Linear.QKV, 601)).isEqualTo(new LinearShape(101, 4096, 1536));
    assertThat(shard.residualTokens(601)).isEqualTo(101);
    ModelShard sequence = shard.model().shard(shard.plan().withSequence());
    assertThat(sequence.tokens(601)).as("linears see what was gathered").isEqualTo(101);
    assertThat(sequence.residualTokens(601)).isEqualTo(26);
    assertThatThrownBy(() -> shard.tokens(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tokens must not be negative: tokens=-1");
  }

  @Test
  void partialSumsAreAllReduced() {
    ModelShard dense = Models.of("llama-3.1-8b").shard(ONE.withTensor(8).withData(2));
    assertThat(dense.allReduceElements(Linear.O, 512)).isEqualTo(256 * 4096);
    assertThat(dense.allReduceElements(Linear.DOWN, 512)).isEqualTo(256 * 4096);
    assertThat(dense.allReduceElements(Linear.QKV, 512)).isZero();
    assertThat(dense.allReduceElements(Linear.LM_HEAD, 512)).isZero();
    ModelConfig mixtral = Models.of("mixtral-8x7b");
    ShardPlan tensor = ONE.withTensor(8);
    assertThat(mixtral.shard(tensor).allReduceElements(Linear.EXPERT_DOWN, 1)).isEqualTo(4096);
    assertThat(mixtral.shard(tensor.withExpert(8)).allReduceElements(Linear.EXPERT_DOWN, 1))
        .as("whole experts leave no partial sums")
        .isZero();
    assertThat(mixtral.shard(ONE).allReduceElements(Linear.O, 1)).as("one rank").isZero();
  }

  @Test
  void answersOnlyForLinearsTheModelHas() {
    ModelShard shard = Models.of("qwen3-0.6b").shard(ONE);
    String has = "linear must be one of [qkv, o, gate_up, down, lm_head]: linear=";
    assertThatThrownBy(() -> shard.shape(Linear.Q_A, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(has + "q_a model=qwen3-0.6b");
    assertThatThrownBy(() -> shard.allReduceElements(Linear.SHARED_DOWN, 1))
        .hasMessage(has + "shared_down model=qwen3-0.6b");
    assertThatThrownBy(() -> shard.expectedRowsPerExpert(1))
        .hasMessage(has + "expert_down model=qwen3-0.6b");
  }
}
