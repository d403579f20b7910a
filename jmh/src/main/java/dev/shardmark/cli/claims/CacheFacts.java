package dev.shardmark.cli.claims;

import dev.shardmark.model.GroupedQueryAttention;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.ModelShard;
import dev.shardmark.model.Models;
import dev.shardmark.model.ShardPlan;
import java.util.Arrays;
import java.util.List;

/** Keys and values: what they take of a rank, and how many requests and tokens fit. */
final class CacheFacts {
  private static final List<String> MODELS = List.of("llama-3.1-8b", "llama-3.1-70b");
  private static final int[] TENSOR = {1, 2, 4, 8, 16};

  /** A reference point, not this machine's: a device of 80 GB. */
  private static final double MEMORY_BYTES = 80e9;

  private static final int PROMPT = 65536;
  private static final int REQUEST = 8192;

  /** Lengths as a server sees them: most requests end long before the longest that may come. */
  private static final int MEAN_LENGTH = 512;

  private static final int LONGEST = 8192;

  private CacheFacts() {}

  static void add(FactList facts) {
    for (String id : MODELS) {
      for (int tensor : TENSOR) {
        add(facts, Models.of(id), tensor);
      }
    }
    for (int block : new int[] {16, LONGEST}) {
      double reserved = MEAN_LENGTH + (block == LONGEST ? block - MEAN_LENGTH : (block - 1) / 2.0);
      facts.add("Kv.waste", 100 * (1 - MEAN_LENGTH / reserved), "%", "block", block);
    }
    facts.add("Batch.utilisation", 100.0 * MEAN_LENGTH / LONGEST, "%", "batching", "static");
  }

  private static void add(FactList facts, ModelConfig model, int tensor) {
    ModelShard shard = model.shard(ShardPlan.UNSHARDED.withTensor(tensor));
    Object[] of = {"model", model.id(), "tensor", tensor};
    for (int bits : new int[] {8, 16}) {
      double gb = PROMPT * (double) shard.kvBytesPerToken(bits / 8) / 1e9;
      facts.add("Kv.gigabytes", gb, "GB", with(of, "bits", bits));
    }
    double free = free(shard);
    facts.add("Kv.longest", free / perToken(shard), "tokens", of);
    facts.add("Kv.requests", requests(shard), "requests", with(of, "heads", "grouped"));
    ModelShard every = everyHead(model).shard(ShardPlan.UNSHARDED.withTensor(tensor));
    facts.add("Kv.requests", requests(every), "requests", with(of, "heads", "all"));
  }

  private static double requests(ModelShard shard) {
    return Math.floor(Math.max(0, free(shard)) / (REQUEST * perToken(shard)));
  }

  private static double free(ModelShard shard) {
    return MEMORY_BYTES - (double) ModelFacts.BF16_BYTES * shard.stageWeights(0);
  }

  private static double perToken(ModelShard shard) {
    return shard.kvBytesPerToken(ModelFacts.BF16_BYTES);
  }

  /** The model with keys and values for every query head, as before queries were grouped. */
  private static ModelConfig everyHead(ModelConfig model) {
    GroupedQueryAttention grouped = (GroupedQueryAttention) model.attention();
    return new ModelConfig(
        model.id(),
        model.repository(),
        model.layers(),
        model.hidden(),
        model.vocabulary(),
        model.tiedEmbeddings(),
        new GroupedQueryAttention(
            grouped.heads(), grouped.heads(), grouped.headDim(), grouped.extras()),
        model.feedForward());
  }

  private static Object[] with(Object[] parameters, String name, Object value) {
    Object[] more = Arrays.copyOf(parameters, parameters.length + 2);
    more[parameters.length] = name;
    more[parameters.length + 1] = value;
    return more;
  }
}
