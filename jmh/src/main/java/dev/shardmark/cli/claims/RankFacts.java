package dev.shardmark.cli.claims;

import dev.shardmark.model.Linear;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.ModelShard;
import dev.shardmark.model.Models;
import dev.shardmark.model.ShardPlan;
import dev.shardmark.parallel.Axis;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one rank holds and computes when one axis alone splits a model, and which plans there are.
 */
final class RankFacts {
  private static final List<String> DENSE = List.of("llama-3.1-8b", "llama-3.1-70b");
  private static final List<String> EXPERTS = List.of("mixtral-8x7b", "qwen3-235b-a22b");
  private static final int[] DEGREES = {1, 2, 4, 8};
  private static final int TOKENS = 512;
  private static final int CACHED = 65536;

  private RankFacts() {}

  static void add(FactList facts) {
    for (String id : DENSE) {
      for (Axis axis : List.of(Axis.TENSOR, Axis.CONTEXT, Axis.PIPELINE, Axis.DATA)) {
        for (int degree : DEGREES) {
          add(facts, Models.of(id), axis, degree);
        }
      }
    }
    for (String id : EXPERTS) {
      for (int degree : DEGREES) {
        add(facts, Models.of(id), Axis.EXPERT, degree);
      }
    }
    plans(facts);
  }

  private static void add(FactList facts, ModelConfig model, Axis axis, int degree) {
    ModelShard shard = model.shard(plan(axis, degree));
    Object[] at = {"model", model.id(), "axis", axis.parameter(), "degree", degree};
    facts.add("Rank.weights", weights(shard), "weights", at);
    facts.add("Rank.tokens", shard.tokens(TOKENS), "tokens", at);
    int cached = axis == Axis.CONTEXT ? CACHED / degree : CACHED;
    double cache = cached * (double) shard.kvBytesPerToken(ModelFacts.BF16_BYTES);
    facts.add("Rank.cacheBytes", cache, "B", at);
    if (model.feedForward().experts() == 0) {
      facts.add("Rank.flop", flop(shard), "flop", at);
    }
  }

  /** Experts are dealt to ranks that data parallelism made. */
  private static ShardPlan plan(Axis axis, int degree) {
    ShardPlan whole = ShardPlan.UNSHARDED;
    return switch (axis) {
      case TENSOR -> whole.withTensor(degree);
      case SEQUENCE -> whole.withTensor(degree).withSequence();
      case EXPERT -> whole.withData(degree).withExpert(degree);
      case CONTEXT -> whole.withContext(degree);
      case PIPELINE -> whole.withPipeline(degree);
      case DATA -> whole.withData(degree);
    };
  }

  /** Of the rank that holds most. */
  private static long weights(ModelShard shard) {
    return IntStream.range(0, shard.plan().pipeline())
        .mapToLong(shard::stageWeights)
        .max()
        .orElseThrow();
  }

  /** Of the linears of its layers. */
  private static double flop(ModelShard shard) {
    return shard.layers()
        * shard.model().linears(0).keySet().stream()
            .mapToDouble(linear -> shard.shape(linear, TOKENS).work().flop())
            .sum();
  }

  private static void plans(FactList facts) {
    ShardPlan three = new ShardPlan(2, false, 1, 1, 2, 2);
    plan(facts, "llama-3.1-8b", "tensor x pipeline x data", three);
    plan(facts, "llama-3.1-405b", "tensor x pipeline x data", three.withTensor(8));
    plan(facts, "mixtral-8x7b", "tensor x expert x data", new ShardPlan(2, false, 4, 1, 1, 2));
    plan(facts, "mixtral-8x22b", "tensor x expert x data x pipeline", three.withExpert(4));
    plan(facts, "llama-3.1-70b", "tensor x context", new ShardPlan(8, true, 1, 4, 1, 1));
    plan(facts, "llama-3.1-70b", "pipeline x context", new ShardPlan(1, false, 1, 4, 8, 1));
    plan(facts, "mixtral-8x7b", "expert x context", new ShardPlan(1, false, 4, 4, 1, 1));
    ShardPlan five = new ShardPlan(4, true, 8, 2, 2, 2);
    plan(facts, "qwen3-235b-a22b", "tensor x expert x data x pipeline x context", five);
    plan(facts, "kimi-k2", "tensor x expert x data x pipeline x context", five);
  }

  /** 1 where every rank has a whole shape, 0 where the plan is refused. */
  private static void plan(FactList facts, String model, String name, ShardPlan plan) {
    facts.add("Plan.legal", legal(Models.of(model), plan), "", "model", model, "plan", name);
  }

  private static int legal(ModelConfig model, ShardPlan plan) {
    try {
      return model.shard(plan).weight(Linear.O).n() > 0 ? 1 : 0;
    } catch (IllegalArgumentException refused) {
      return 0;
    }
  }
}
