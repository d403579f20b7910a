package dev.shardmark.cli.claims;

import dev.shardmark.jmh.LayerChoice;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.LayerOperation.Part;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Flop and bytes of a step through a layer, by the formulas of its kernels. */
final class StepFacts {
  private static final List<String> MODELS =
      List.of("llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b", "mixtral-8x7b", "qwen3-30b-a3b");
  private static final List<Integer> TOKENS =
      List.of(1024, 2048, 4096, 8192, 16384, 32768, 131072, 1048576);

  private StepFacts() {}

  static void add(FactList facts) {
    for (String id : MODELS) {
      for (int tokens : TOKENS) {
        add(facts, id, tokens);
      }
    }
  }

  private static void add(FactList facts, String id, int tokens) {
    Map<LayerOperation, Work> prefill = work(id, "prefill", tokens, 0);
    Map<LayerOperation, Work> decode = work(id, "decode", 1, tokens - 1);
    double all = flop(prefill, operation -> true);
    double attention = flop(prefill, operation -> operation == LayerOperation.ATTENTION);
    double mlp = flop(prefill, StepFacts::isMlp);
    double rest = flop(prefill, operation -> operation.part() == Part.REST);
    Object[] at = {"model", id, "tokens", tokens};
    facts.add("Prefill.attentionShare", 100 * attention / all, "%", at);
    facts.add("Prefill.mlpShare", 100 * mlp / all, "%", at);
    facts.add("Prefill.productShare", 100 * (all - rest) / all, "%", at);
    facts.add("Prefill.attentionFlop", attention, "flop", at);
    facts.add("Decode.attentionFlop", flop(decode, o -> o == LayerOperation.ATTENTION), "flop", at);
    facts.add("Decode.recompute", all / flop(decode, operation -> true), "x", at);
    facts.add("Decode.cacheShare", 100 * cacheShare(Models.of(id), tokens), "%", at);
  }

  /** Of the bytes a step of decoding reads, over {@code tokens} cached ones of the whole batch. */
  private static double cacheShare(ModelConfig model, int tokens) {
    double cache = (double) tokens * model.kvBytesPerToken(ModelFacts.BF16_BYTES);
    return cache / (cache + (double) ModelFacts.BF16_BYTES * model.parameters());
  }

  private static Map<LayerOperation, Work> work(String id, String phase, int tokens, int context) {
    return LayerChoice.of(id, 1, "all", phase, tokens, context).shape().work();
  }

  private static boolean isMlp(LayerOperation operation) {
    return operation == LayerOperation.GATE_UP || operation == LayerOperation.DOWN;
  }

  private static double flop(Map<LayerOperation, Work> work, Predicate<LayerOperation> of) {
    return work.entrySet().stream()
        .filter(one -> of.test(one.getKey()))
        .mapToDouble(one -> one.getValue().flop())
        .sum();
  }
}
