package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.ActivationOperation;
import dev.shardmark.jmh.RowShape;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast each elementwise operation between linears is on one core. */
final class ActivationQuestion implements Question {
  /** Value, bound and three operands, an element. */
  private static final long REFERENCE_BYTES = 28;

  @Override
  public String benchmark() {
    return "ActivationBenchmark.apply";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("operation", "variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> vector = List.of("vector");
    if (preset != Preset.FULL) {
      List<String> few =
          preset == Preset.GATE ? List.of("swiglu", "gelu", "gelu_tanh", "add") : List.of("swiglu");
      return List.of(Map.of("operation", few, "variant", vector, "shape", List.of("64x14336")));
    }
    return List.of(
        Map.of(
            "operation",
            List.of("swiglu", "gelu", "gelu_tanh", "add"),
            "variant",
            List.of("vector", "scalar"),
            "shape",
            List.of("64x14336", "1x14336", "512x14336", "127x1023")));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Variant.of(parameters.get("variant"));
    RowShape s = RowShape.of(parameters.get("shape"));
    ActivationOperation operation = ActivationOperation.of(parameters.get("operation"));
    Work work = operation.work(s.rows(), s.cols());
    String level = Caches.here().levelOf(work.bytes());
    return Optional.of(
        new PlannedRow(
            benchmark(),
            parameters,
            Label.MEASURED,
            new Workload(work.flop(), work.bytes(), level, 1, 0),
            work.bytes() + REFERENCE_BYTES * s.rows() * s.cols()));
  }
}
