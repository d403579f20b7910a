package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RowShape;
import dev.shardmark.jmh.SamplingChoice;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.sampling.Sampler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What it costs on one core to choose the next token. */
final class SamplerQuestion implements Question {
  /** The check sorts the boxed ids of one row and keeps their masses. */
  private static final long REFERENCE_BYTES = 64;

  @Override
  public String benchmark() {
    return "SamplerBenchmark.sample";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("sampler", "variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    List<String> all = List.of("greedy", "temperature", "top-k", "top-p", "min-p");
    if (preset == Preset.SMOKE) {
      return List.of(grid(List.of("top-p"), vector, List.of("3x1003")));
    }
    if (preset == Preset.QUICK) {
      return List.of(grid(List.of("greedy", "top-p"), vector, List.of("8x128256")));
    }
    if (preset == Preset.GATE) {
      return List.of(grid(all, vector, List.of("8x128256")));
    }
    return List.of(
        grid(
            all, List.of("vector", "scalar"), List.of("3x1003", "8x32000", "1x128256", "8x128256")),
        grid(List.of("top-k:1000", "top-p:0.99"), vector, List.of("8x128256")));
  }

  private static Map<String, List<String>> grid(
      List<String> samplers, List<String> variants, List<String> shapes) {
    return Map.of("sampler", samplers, "variant", variants, "shape", shapes);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    Work work = Sampler.work(SamplingChoice.of(parameters.get("sampler")), s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(), parameters, work, work.bytes() + REFERENCE_BYTES * s.cols()));
  }
}
