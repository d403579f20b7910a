package dev.shardmark.cli.claims;

import dev.shardmark.jmh.AllReduceChoice;
import dev.shardmark.model.Linear;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.ModelShard;
import dev.shardmark.model.Models;
import dev.shardmark.model.ShardPlan;
import java.util.Collections;
import java.util.List;

/** What a rank sends for one token of a forward pass through all layers, in fp32. */
final class TrafficFacts {
  private static final List<String> DENSE =
      List.of("llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b", "qwen3-0.6b", "qwen3-1.7b");
  private static final List<String> EXPERTS =
      List.of("mixtral-8x7b", "qwen3-30b-a3b", "deepseek-v3", "llama-4-scout");
  private static final int[] DEGREES = {2, 4, 8};

  private TrafficFacts() {}

  static void add(FactList facts) {
    for (String id : DENSE) {
      ModelConfig model = Models.of(id);
      for (int degree : DEGREES) {
        Object[] at = {"model", id, "degree", degree};
        ModelShard shard = model.shard(ShardPlan.UNSHARDED.withTensor(degree));
        facts.add("Tensor.allReduces", allReduces(shard), "per layer", at);
        facts.add("Tensor.sentBytes", sentBytes(shard), "B", at);
        ModelShard replica = model.shard(ShardPlan.UNSHARDED.withData(degree));
        facts.add("Data.allReduces", allReduces(replica), "per layer", at);
        double boundary = (double) Float.BYTES * model.hidden();
        facts.add("Pipeline.sentBytes", boundary, "B", at);
      }
    }
    for (String id : EXPERTS) {
      ModelConfig model = Models.of(id);
      for (int degree : DEGREES) {
        double bytes = model.layers() * exchanged(model, model.feedForward().topK(), degree);
        facts.add("Expert.sentBytes", bytes, "B", "model", id, "degree", degree);
      }
    }
    for (int topK : new int[] {1, 2, 4, 8}) {
      double bytes = exchanged(Models.of("qwen3-30b-a3b"), topK, 8);
      facts.add("Expert.layerBytes", bytes, "B", "topK", topK);
    }
  }

  /** Dispatch and combine of uniform routing without copies left out. */
  private static double exchanged(ModelConfig model, int topK, int ranks) {
    return 2.0 * topK * model.hidden() * Float.BYTES * (ranks - 1) / ranks;
  }

  private static long allReduces(ModelShard shard) {
    return shard.model().linears(0).keySet().stream()
        .filter(linear -> shard.allReduceElements(linear, shard.plan().data()) > 0)
        .count();
  }

  private static double sentBytes(ModelShard shard) {
    double bytes = 0;
    for (Linear linear : shard.model().linears(0).keySet()) {
      int elements = Math.toIntExact(shard.allReduceElements(linear, 1));
      List<Long> sent =
          AllReduceChoice.of("ring").traffic(shard.plan().tensor(), elements).sentBytes();
      bytes += Collections.max(sent);
    }
    return bytes * shard.layers();
  }
}
