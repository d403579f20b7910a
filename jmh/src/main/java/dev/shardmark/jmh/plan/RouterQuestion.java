package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RouterShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.moe.RoutingRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How many tokens a second get their experts on one core. */
final class RouterQuestion implements Question {
  /** The check keeps some arrays of one token in double. */
  private static final long SCRATCH_BYTES = 16 << 20;

  @Override
  public String benchmark() {
    return "RouterBenchmark.route";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("rule", "variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    List<String> both = List.of("vector", "scalar");
    if (preset == Preset.SMOKE) {
      return List.of(grid(List.of("topk-softmax"), vector, List.of("127x60x6")));
    }
    if (preset == Preset.QUICK) {
      return List.of(grid(List.of("topk-softmax"), vector, List.of("4096x64x8")));
    }
    if (preset == Preset.GATE) {
      return List.of(
          grid(List.of("topk-softmax", "softmax-topk"), vector, List.of("4096x64x8")),
          grid(List.of("deepseek-v3"), vector, List.of("4096x256x8")));
    }
    return List.of(
        grid(
            List.of("topk-softmax", "softmax-topk"),
            both,
            List.of("4096x64x8", "4096x8x2", "4096x32x4", "4096x128x8", "4096x256x8")),
        grid(
            List.of("topk-softmax"),
            vector,
            List.of("4096x64x1", "4096x64x2", "4096x64x4", "1x64x8", "127x60x6")),
        grid(List.of("sigmoid"), vector, List.of("4096x16x1", "4096x128x1")),
        grid(List.of("deepseek-v3"), both, List.of("4096x256x8")),
        grid(List.of("kimi-k2"), both, List.of("4096x384x8")));
  }

  private static Map<String, List<String>> grid(
      List<String> rules, List<String> variants, List<String> shapes) {
    return Map.of("rule", rules, "variant", variants, "shape", shapes);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RoutingRule rule = RoutingRule.of(parameters.get("rule"));
    RouterShape s = RouterShape.of(parameters.get("shape"));
    rule.checkExperts(s.experts(), s.topK());
    Work work = Router.work(rule, s.tokens(), s.experts(), s.topK());
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, work.bytes() + SCRATCH_BYTES));
  }
}
