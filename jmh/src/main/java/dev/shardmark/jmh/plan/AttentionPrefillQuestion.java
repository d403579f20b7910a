package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.AttentionShape;
import dev.shardmark.kernels.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast attention over a prompt is on one core. */
final class AttentionPrefillQuestion implements Question {
  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "AttentionPrefillBenchmark.attend";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape", "causal");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> shapes = List.of("4x1x512x512x128", "4x1x512x4096x128");
    List<String> more = List.of("4x1x2048x2048x128", "8x8x512x512x64", "3x1x127x511x100");
    return switch (preset) {
      case SMOKE -> List.of(grid("vector", shapes.subList(0, 1)));
      case QUICK -> List.of(grid("vector", shapes.subList(1, 2)));
      case GATE -> List.of(grid("vector", shapes), grid("scalar", shapes.subList(0, 1)));
      case FULL -> List.of(grid("vector", shapes), grid("scalar", shapes), grid("vector", more));
    };
  }

  private static Map<String, List<String>> grid(String variant, List<String> shapes) {
    return Map.of("variant", List.of(variant), "shape", shapes, "causal", List.of("true"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    boolean causal = AttentionShape.causal(parameters.get("causal"));
    Work work = AttentionShape.of(parameters.get("shape")).work(causal);
    long heapBytes = 2 * work.bytes() + SCRATCH_BYTES; // the tiled kernel copies K and V of a head
    return Optional.of(PlannedRow.onOneCore(benchmark(), parameters, work, heapBytes));
  }
}
