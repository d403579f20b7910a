package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.PackedGemmBenchmark;
import dev.shardmark.jmh.Shape;
import dev.shardmark.jmh.environment.Peers;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.gemm.PackedVectorGemm;
import dev.shardmark.kernels.gemm.WeightFormat;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast a multiply by weights packed once is, from a single token to a prompt. */
final class PackedGemmQuestion implements Question {
  private static final long SCRATCH_BYTES = 64 << 20;

  @Override
  public String benchmark() {
    return "PackedGemmBenchmark.multiply";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape", "weights");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> shapes =
        switch (preset) {
          case SMOKE -> List.of("16x4096x4096");
          case QUICK, GATE -> List.of("1x4096x4096", "16x4096x4096");
          case FULL ->
              List.of(
                  "1x4096x4096",
                  "2x4096x4096",
                  "4x4096x4096",
                  "8x4096x4096",
                  "16x4096x4096",
                  "32x4096x4096",
                  "64x4096x4096",
                  "1x14336x4096",
                  "16x14336x4096",
                  "64x14336x4096");
        };
    List<String> vector = List.of("vector");
    List<String> fp32 = List.of("fp32");
    if (preset != Preset.FULL) {
      return List.of(grid(vector, shapes, fp32));
    }
    return List.of(
        grid(List.of("vector", "onednn"), shapes, fp32),
        grid(vector, List.of("1x4096x4096", "16x4096x4096"), List.of("bf16", "int8")));
  }

  private static Map<String, List<String>> grid(
      List<String> variants, List<String> shapes, List<String> weights) {
    return Map.of("variant", variants, "shape", shapes, "weights", weights);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Variant variant = Variant.of(parameters.get("variant"));
    Shape s = Shape.of(parameters.get("shape"));
    WeightFormat format = WeightFormat.of(parameters.get("weights"));
    long heapBytes = PackedGemmBenchmark.heapBytes(variant, format, s) + SCRATCH_BYTES;
    if (!Peers.isHere(variant)) {
      return Optional.empty();
    }
    Work work = PackedVectorGemm.work(s.m(), s.n(), s.k(), format);
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            Label.MEASURED,
            new Workload(work.flop(), work.bytes(), Caches.DRAM, 1, 0),
            heapBytes));
  }
}
