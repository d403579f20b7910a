package dev.shardmark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.model.GroupedQueryAttention.Extras;
import dev.shardmark.model.MixtureOfExperts.Biases;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ShardPlanTest {
  private static final ShardPlan ONE = ShardPlan.UNSHARDED;

  @Test
  void countsRanksOfEveryAxisButExpert() {
    ShardPlan plan = ONE.withTensor(2).withExpert(30).withContext(3).withPipeline(4).withData(5);
    assertThat(plan).isEqualTo(new ShardPlan(2, false, 30, 3, 4, 5));
    assertThat(plan.ranks()).isEqualTo(120);
    assertThat(plan.stageRanks()).isEqualTo(30);
    assertThat(plan.withSequence()).isEqualTo(new ShardPlan(2, true, 30, 3, 4, 5));
  }

  @Test
  void refusesDegreesBelowOne() {
    assertRefused(() -> ONE.withTensor(0), "tensor degree must be at least 1: tensor=0");
    assertRefused(() -> ONE.withExpert(-1), "expert degree must be at least 1: expert=-1");
    assertRefused(() -> ONE.withContext(0), "context degree must be at least 1: context=0");
    assertRefused(() -> ONE.withPipeline(0), "pipeline degree must be at least 1: pipeline=0");
    assertRefused(() -> ONE.withData(0), "data degree must be at least 1: data=0");
  }

  @Test
  void refusesAModelItDoesNotDivide() {
    assertRefused(
        () -> Models.of("llama-3.1-8b").shard(ONE.withTensor(3)),
        "tensor degree must divide the attention heads: tensor=3 heads=32");
    assertRefused(
        () -> Models.of("deepseek-v3").shard(ONE.withTensor(256)),
        "tensor degree must divide the attention heads: tensor=256 heads=128");
    assertRefused(
        () -> Models.of("llama-4-scout").shard(ONE.withTensor(5)),
        "tensor degree must divide the key/value heads or be a multiple of them:"
            + " tensor=5 kvHeads=8");
    assertRefused(
        () -> Models.of("llama-3.1-8b").shard(ONE.withPipeline(3)),
        "pipeline degree must divide the layers: pipeline=3 layers=32");
    assertRefused(
        () -> Models.of("mixtral-8x7b").shard(ONE.withExpert(3).withData(3)),
        "expert degree must divide the experts: expert=3 experts=8");
    assertRefused(
        () -> Models.of("mixtral-8x7b").shard(ONE.withExpert(8).withTensor(2).withData(2)),
        "expert degree must divide the ranks of a pipeline stage:"
            + " expert=8 tensor=2 context=1 data=2");
    assertRefused(
        () -> Models.of("llama-3.1-8b").shard(ONE.withExpert(2).withData(2)),
        "expert degree must be 1 for a model without experts: expert=2 model=llama-3.1-8b");
  }

  @Test
  void refusesWidthsItDoesNotDivide() {
    ShardPlan plan = ONE.withTensor(4);
    assertRefused(
        () -> tiny(10, new DenseMlp(64)).shard(plan),
        "tensor degree must divide the vocabulary: tensor=4 vocabulary=10");
    assertRefused(
        () -> tiny(16, new DenseMlp(6)).shard(plan),
        "tensor degree must divide the MLP width: tensor=4 width=6");
    assertRefused(
        () -> tiny(16, experts(6, 64, 64)).shard(plan),
        "tensor degree must divide the expert width: tensor=4 expertWidth=6");
    assertRefused(
        () -> tiny(16, experts(64, 6, 64)).shard(plan),
        "tensor degree must divide the shared expert width: tensor=4 sharedWidth=6");
    assertRefused(
        () -> tiny(16, experts(64, 64, 6)).shard(plan),
        "tensor degree must divide the dense MLP width: tensor=4 width=6");
    assertThat(tiny(16, experts(6, 64, 64)).shard(plan.withExpert(2)).weight(Linear.EXPERT_DOWN))
        .as("whole experts need not divide")
        .isEqualTo(new WeightShape(6, 32));
  }

  private static MixtureOfExperts experts(int expertWidth, int sharedWidth, int denseWidth) {
    return new MixtureOfExperts(
        4, 2, expertWidth, sharedWidth, new DenseLayers(1, 1, denseWidth), Biases.NONE);
  }

  private static ModelConfig tiny(int vocabulary, FeedForwardConfig feedForward) {
    return new ModelConfig(
        "tiny",
        "none",
        2,
        32,
        vocabulary,
        false,
        new GroupedQueryAttention(8, 4, 4, Extras.NONE),
        feedForward);
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
