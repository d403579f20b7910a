package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RowShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.loss.CrossEntropy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast the loss of logits is on one core. */
final class CrossEntropyQuestion implements Question {
  /** The check keeps some arrays of one row in double. */
  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "CrossEntropyBenchmark.losses";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    if (preset == Preset.SMOKE) {
      return List.of(Map.of("variant", vector, "shape", List.of("127x511")));
    }
    if (preset != Preset.FULL) {
      return List.of(Map.of("variant", vector, "shape", List.of("8x128256")));
    }
    return List.of(
        Map.of(
            "variant",
            List.of("vector", "scalar"),
            "shape",
            List.of("127x511", "8x128256", "64x16032", "64x128256")));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    Work work = CrossEntropy.work(s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, work.bytes() + SCRATCH_BYTES));
  }
}
