package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.LayerChoice;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Where the time of a whole layer goes on one rank. */
final class LayerQuestion implements Question {
  private static final long SCRATCH_BYTES = 64 << 20;
  private static final List<String> WHOLE = List.of("1");
  private static final List<String> ALL = List.of("all");

  @Override
  public String benchmark() {
    return "LayerBenchmark.run";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("model", "tp", "experts", "phase", "tokens", "context", "variant");
  }

  /** In the full preset Mixtral's experts are halved by tensor parallelism, so as to fit. */
  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> small = List.of("qwen3-0.6b");
    List<String> one = List.of("1");
    return switch (preset) {
      case SMOKE -> List.of(decode(small, List.of("8"), one, List.of("16")));
      case QUICK -> List.of(); // its warm-up is too short for so many kernels
      case GATE -> List.of(decode(small, WHOLE, one, List.of("1024")));
      case FULL -> {
        List<String> tokens = List.of("1", "16", "64");
        List<String> contexts = List.of("1024", "8192");
        List<String> prompts = List.of("128", "512", "2048");
        List<String> whole = List.of("qwen3-0.6b", "llama-3.1-8b", "qwen3-30b-a3b");
        List<String> mixtral = List.of("mixtral-8x7b");
        List<String> split = List.of("2");
        yield List.of(
            decode(whole, WHOLE, one, contexts),
            decode(whole, WHOLE, tokens, List.of("1024")),
            prefill(whole, WHOLE, prompts),
            decode(List.of("llama-3.1-8b"), List.of("2", "4", "8"), one, List.of("1024")),
            decode(mixtral, split, tokens, List.of("1024")),
            prefill(mixtral, split, List.of("128", "512")));
      }
    };
  }

  private static Map<String, List<String>> decode(
      List<String> models, List<String> tp, List<String> tokens, List<String> contexts) {
    return grid(models, tp, "decode", tokens, contexts);
  }

  private static Map<String, List<String>> prefill(
      List<String> models, List<String> tp, List<String> tokens) {
    return grid(models, tp, "prefill", tokens, List.of("0"));
  }

  private static Map<String, List<String>> grid(
      List<String> models,
      List<String> tp,
      String phase,
      List<String> tokens,
      List<String> contexts) {
    return Map.of(
        "model", models,
        "tp", tp,
        "experts", ALL,
        "phase", List.of(phase),
        "tokens", tokens,
        "context", contexts,
        "variant", List.of("vector"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    int tp = Question.count("tp", parameters.get("tp"));
    LayerChoice choice =
        LayerChoice.of(
            parameters.get("model"),
            tp,
            parameters.get("experts"),
            parameters.get("phase"),
            Question.count("tokens", parameters.get("tokens")),
            Question.count("context", parameters.get("context")));
    Work work = choice.shape().totalWork();
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            tp == 1 ? Label.MEASURED : Label.ISOLATED,
            new Workload(work.flop(), work.bytes(), Caches.DRAM, 1, 0),
            choice.heapBytes() + SCRATCH_BYTES));
  }
}
