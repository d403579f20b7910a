package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.ExpertLoad;
import dev.shardmark.jmh.GroupedGemmBenchmark;
import dev.shardmark.jmh.Shape;
import dev.shardmark.jmh.Skew;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.WeightFormat;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What it costs that rows of one product belong to many experts. */
final class GroupedGemmQuestion implements Question {
  private static final long SCRATCH_BYTES = 64 << 20;

  @Override
  public String benchmark() {
    return "GroupedGemmBenchmark.multiply";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape", "experts", "skew", "weights");
  }

  /**
   * Gate and up, and down, of Mixtral-8x7B with all experts; of Qwen3-30B-A3B with all 128; of
   * DeepSeek-V3 with 32 of its 256. Rows are those of 1, 16 and 256 tokens.
   */
  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> even = List.of("uniform");
    return switch (preset) {
      case SMOKE -> List.of(grid(List.of("64x384x256"), "8x2", even));
      case QUICK -> List.of(grid(List.of("256x1536x2048"), "8x2", even));
      case GATE ->
          List.of(grid(List.of("256x1536x2048", "512x1536x2048", "512x2048x768"), "8x2", even));
      case FULL -> {
        List<String> skews = List.of("uniform", "zipf");
        yield List.of(
            grid(List.of("2x28672x4096", "32x28672x4096", "512x28672x4096"), "8x2", skews),
            grid(List.of("2x4096x14336", "32x4096x14336", "512x4096x14336"), "8x2", skews),
            grid(List.of("8x1536x2048", "128x1536x2048", "2048x1536x2048"), "128x8", skews),
            grid(List.of("8x2048x768", "128x2048x768", "2048x2048x768"), "128x8", skews),
            grid(List.of("8x4096x7168", "16x4096x7168", "256x4096x7168"), "32x8", skews),
            grid(List.of("8x7168x2048", "16x7168x2048", "256x7168x2048"), "32x8", skews));
      }
    };
  }

  private static Map<String, List<String>> grid(
      List<String> shapes, String experts, List<String> skews) {
    return Map.of(
        "variant", List.of("vector"),
        "shape", shapes,
        "experts", List.of(experts),
        "skew", skews,
        "weights", List.of("fp32"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    Shape s = Shape.of(parameters.get("shape"));
    WeightFormat format = WeightFormat.of(parameters.get("weights"));
    int[] offsets =
        ExpertLoad.of(parameters.get("experts")).offsets(s.m(), Skew.of(parameters.get("skew")));
    Work work = GroupedGemm.work(offsets, s.n(), s.k(), format);
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            Label.MEASURED,
            new Workload(work.flop(), work.bytes(), Caches.DRAM, 1, 0),
            GroupedGemmBenchmark.heapBytes(s, offsets, format) + SCRATCH_BYTES));
  }
}
