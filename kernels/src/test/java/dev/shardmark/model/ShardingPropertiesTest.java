package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every model of the catalogue, under every degree that divides it. */
class ShardingPropertiesTest {
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;

  static List<ModelConfig> models() {
    return Models.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void tensorRanksAddUpToTheModel(ModelConfig model) {
    for (int tensor : legalTensorDegrees(model)) {
      ModelShard shard = model.shard(ONE.withTensor(tensor));
      for (Linear linear : model.linears().keySet()) {
        WeightShape whole = model.weight(linear);
        WeightShape part = shard.weight(linear);
        long copies = linear.split() == Linear.Split.REPLICATED ? tensor : 1;
        assertThat(tensor * part.elements())
            .as("%s tensor=%d", linear, tensor)
            .isEqualTo(copies * whole.elements() + replicatedKeysAndValues(model, linear, tensor));
        if (linear.split() != Linear.Split.ROW) {
          assertThat(part.k()).isEqualTo(whole.k());
        }
        if (linear.split() != Linear.Split.COLUMN) {
          assertThat(part.n()).isEqualTo(whole.n());
        }
      }
    }
  }

  /** Key and value weights held beyond once: all but k of t key/value heads. */
  private static long replicatedKeysAndValues(ModelConfig model, Linear linear, int tensor) {
    if (linear != Linear.QKV) {
      return 0;
    }
    GroupedQueryAttention attention = (GroupedQueryAttention) model.attention();
    long extraHeads = Math.max(0, tensor - attention.kvHeads());
    return extraHeads * 2 * attention.headDim() * model.hidden();
  }

  @ParameterizedTest
  @MethodSource("models")
  void otherTensorDegreesAreRefused(ModelConfig model) {
    List<Integer> legal = legalTensorDegrees(model);
    assertThat(legal).contains(1, 2, 4, 8);
    for (int tensor = 1; tensor <= 2 * model.attention().heads(); tensor++) {
      if (!legal.contains(tensor)) {
        ShardPlan plan = ONE.withTensor(tensor);
        assertThatThrownBy(() -> model.shard(plan))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageMatching("tensor degree must [^:]+: tensor=" + tensor + " \\w+=\\d+");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void pipelineStagesAddUpToTheModel(ModelConfig model) {
    long embedding = (long) model.vocabulary() * model.hidden();
    for (int pipeline : divisors(model.layers())) {
      ModelShard shard = model.shard(ONE.withPipeline(pipeline));
      long sum = IntStream.range(0, pipeline).mapToLong(shard::stageWeights).sum();
      long twice = model.tiedEmbeddings() && pipeline > 1 ? embedding : 0;
      assertThat(sum).as("pipeline=%d", pipeline).isEqualTo(model.parameters() + twice);
      assertThatThrownBy(() -> shard.stageWeights(pipeline))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void expertRanksAddUpToTheLayer(ModelConfig model) {
    int experts = model.feedForward().experts();
    int last = model.layers() - 1;
    long outside = model.layerWeights(last, 0);
    for (int expert : divisors(experts)) {
      ModelShard shard = model.shard(ONE.withData(expert).withExpert(expert));
      assertThat(shard.experts() * expert).isEqualTo(experts);
      assertThat(expert * (shard.layerWeights(last) - outside))
          .isEqualTo(model.layerWeights(last) - outside);
      assertThat(shard.weight(Linear.EXPERT_DOWN)).isEqualTo(model.weight(Linear.EXPERT_DOWN));
      assertThat(shard.expectedRowsPerExpert(experts)).isEqualTo(model.feedForward().topK());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void tokenAxesSplitTokensAndLeaveWeights(ModelConfig model) {
    for (int parts : List.of(1, 2, 3, 8)) {
      for (ShardPlan plan : List.of(ONE.withData(parts), ONE.withContext(parts))) {
        ModelShard shard = model.shard(plan);
        for (int tokens : List.of(0, 1, parts - 1, parts, parts + 1, 4 * parts + 3)) {
          int largest = shard.tokens(tokens);
          assertThat(largest * parts).isBetween(tokens, tokens + parts - 1);
          assertThat(shard.shape(Linear.O, tokens).m()).isEqualTo(largest);
        }
        assertThat(shard.stageWeights(0)).isEqualTo(model.parameters());
      }
    }
  }

  @Test
  void layerWeightsRepeatNormsAndRouter() {
    ModelConfig model = Models.of("mixtral-8x22b");
    long repeated = 2L * model.hidden() + model.weight(Linear.ROUTER).elements();
    for (int tensor : List.of(1, 2, 4, 8)) {
      assertThat(tensor * model.shard(ONE.withTensor(tensor)).layerWeights(0))
          .isEqualTo(model.layerWeights(0) + (tensor - 1) * repeated);
    }
  }

  /** From the field's rules, not from the code: heads, key/value heads, widths, vocabulary. */
  private static List<Integer> legalTensorDegrees(ModelConfig model) {
    return divisors(model.attention().heads()).stream()
        .filter(t -> kvHeadsDivide(model, t))
        .filter(t -> model.vocabulary() % t == 0)
        .filter(
            t ->
                model.linears().entrySet().stream()
                    .filter(e -> e.getKey().split() == Linear.Split.ROW)
                    .allMatch(e -> e.getValue().k() % t == 0))
        .toList();
  }

  private static boolean kvHeadsDivide(ModelConfig model, int tensor) {
    return !(model.attention() instanceof GroupedQueryAttention gqa)
        || gqa.kvHeads() % tensor == 0
        || tensor % gqa.kvHeads() == 0;
  }

  private static List<Integer> divisors(int total) {
    return IntStream.rangeClosed(1, total).filter(i -> total % i == 0).boxed().toList();
  }
}
