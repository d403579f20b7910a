package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.PermuteOperation;
import dev.shardmark.jmh.PermuteShape;
import dev.shardmark.jmh.RouterShape;
import dev.shardmark.jmh.Skew;
import dev.shardmark.kernels.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What it costs to bring rows to their experts and back on one core. */
final class PermuteQuestion implements Question {
  /** Value, bound and magnitude, an element of y. */
  private static final long REFERENCE_BYTES = 24;

  @Override
  public String benchmark() {
    return "PermuteBenchmark.move";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("operation", "variant", "shape", "skew");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> operations = List.of("permute", "combine");
    List<String> vector = List.of("vector");
    List<String> even = List.of("uniform");
    if (preset == Preset.SMOKE) {
      return List.of(grid(List.of("combine"), vector, List.of("127x60x6x1023"), even));
    }
    if (preset != Preset.FULL) {
      return List.of(grid(operations, vector, List.of("512x128x8x2048"), even));
    }
    List<String> skews = List.of("uniform", "zipf");
    List<String> shapes = List.of("512x128x8x2048", "512x8x2x4096", "512x256x8x7168");
    return List.of(
        grid(operations, vector, shapes, skews),
        grid(List.of("combine"), List.of("scalar"), shapes, even),
        grid(operations, vector, List.of("127x60x6x1023"), even));
  }

  private static Map<String, List<String>> grid(
      List<String> operations, List<String> variants, List<String> shapes, List<String> skews) {
    return Map.of("operation", operations, "variant", variants, "shape", shapes, "skew", skews);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    Skew.of(parameters.get("skew"));
    PermuteOperation operation = PermuteOperation.of(parameters.get("operation"));
    PermuteShape s = PermuteShape.of(parameters.get("shape"));
    RouterShape r = s.routing();
    Work work = operation.work(r.tokens(), r.topK(), s.model());
    long elements = (long) r.tokens() * s.model();
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(),
            parameters,
            work,
            work.bytes()
                + (4 + REFERENCE_BYTES) * elements
                + 4L * r.tokens() * (r.experts() + 4 * r.topK())));
  }
}
