package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.KvAppendShape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvStorage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What it costs to append to a cache on one core. */
final class KvAppendQuestion implements Question {
  /** Copies and their expected values in double, an element: the check makes them. */
  private static final long REFERENCE_BYTES = 20;

  @Override
  public String benchmark() {
    return "KvAppendBenchmark.append";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "storage", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> both = List.of("fp32", "bf16");
    return switch (preset) {
      case SMOKE -> List.of(grid(List.of("vector"), List.of("bf16"), List.of("127x3x100")));
      case QUICK -> List.of(grid(List.of("vector"), List.of("bf16"), List.of("512x8x128")));
      case GATE -> List.of(grid(List.of("vector"), both, List.of("512x8x128")));
      case FULL ->
          List.of(
              grid(
                  List.of("vector", "scalar"),
                  both,
                  List.of("1x8x128", "512x8x128", "8192x8x128", "127x3x100")));
    };
  }

  private static Map<String, List<String>> grid(
      List<String> variants, List<String> storages, List<String> shapes) {
    return Map.of("variant", variants, "storage", storages, "shape", shapes);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    KvAppendShape s = KvAppendShape.of(parameters.get("shape"));
    KvStorage storage = KvStorage.of(parameters.get("storage"));
    Work work = KvAppend.work(s.tokens(), s.kvHeads(), s.headDim(), storage);
    long elements = 2L * s.tokens() * s.kvHeads() * s.headDim();
    return Optional.of(
        PlannedRow.onOneCore(
            benchmark(), parameters, work, work.bytes() + REFERENCE_BYTES * elements));
  }
}
