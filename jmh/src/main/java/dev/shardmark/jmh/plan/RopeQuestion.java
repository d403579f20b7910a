package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RopeBenchmark;
import dev.shardmark.jmh.RopeShape;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast heads are rotated by their positions on one core. */
final class RopeQuestion implements Question {
  /** Value and bound, an element. */
  private static final long REFERENCE_BYTES = 16;

  @Override
  public String benchmark() {
    return "RopeBenchmark.rotate";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("layout", "variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    if (preset != Preset.FULL) {
      List<String> few =
          preset == Preset.GATE ? List.of("half_split", "interleaved") : List.of("half_split");
      return List.of(Map.of("layout", few, "variant", vector, "shape", List.of("512x32x128")));
    }
    return List.of(
        Map.of(
            "layout",
            List.of("half_split", "interleaved"),
            "variant",
            List.of("vector", "scalar"),
            "shape",
            List.of("512x32x128", "1x32x128", "512x8x128", "127x7x66")));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Variant.of(parameters.get("variant"));
    RopeBenchmark.layout(parameters.get("layout"));
    RopeShape s = RopeShape.of(parameters.get("shape"));
    Work work = Rope.work(s.tokens(), s.heads(), s.headDim() / 2);
    String level = Caches.here().levelOf(work.bytes());
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            Label.MEASURED,
            new Workload(work.flop(), work.bytes(), level, 1, 0),
            work.bytes() + REFERENCE_BYTES * s.tokens() * s.heads() * s.headDim()));
  }
}
