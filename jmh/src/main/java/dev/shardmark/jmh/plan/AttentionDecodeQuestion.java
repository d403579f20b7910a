package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.AttentionShape;
import dev.shardmark.jmh.DecodeCache;
import dev.shardmark.kernels.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast attention for a new token over a cache is on one core. */
final class AttentionDecodeQuestion implements Question {
  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "AttentionDecodeBenchmark.attend";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape", "causal", "cache", "storage");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> caches = List.of("contiguous", "paged");
    List<String> paged = List.of("paged");
    List<String> fp32 = List.of("fp32");
    List<String> both = List.of("fp32", "bf16");
    List<String> share = List.of("4x1x1x4096x128");
    List<String> layer = List.of("32x8x1x4096x128");
    List<String> longer =
        List.of(
            "32x8x1x4096x128",
            "32x8x1x8192x128",
            "32x8x1x16384x128",
            "32x8x1x32768x128",
            "32x8x1x65536x128");
    List<String> more = List.of("8x8x1x4096x128", "32x8x4x4096x128", "28x4x1x511x100");
    return switch (preset) {
      case SMOKE -> List.of(grid("vector", share, paged, fp32));
      case QUICK -> List.of(grid("vector", layer, paged, fp32));
      case GATE ->
          List.of(
              grid("vector", share, caches, fp32),
              grid("vector", layer, caches, both),
              grid("scalar", share, paged, fp32));
      case FULL ->
          List.of(
              grid("vector", longer, caches, both),
              grid("vector", share, caches, both),
              grid("vector", layer, List.of("none"), fp32),
              grid("vector", more, paged, both),
              grid("scalar", share, paged, both),
              grid("scalar", layer, paged, fp32));
    };
  }

  private static Map<String, List<String>> grid(
      String variant, List<String> shapes, List<String> caches, List<String> storages) {
    return Map.of(
        "variant",
        List.of(variant),
        "shape",
        shapes,
        "causal",
        List.of("true"),
        "cache",
        caches,
        "storage",
        storages);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    Question.checkOwn(parameters.get("variant"));
    boolean causal = AttentionShape.causal(parameters.get("causal"));
    AttentionShape shape = AttentionShape.of(parameters.get("shape"));
    DecodeCache cache = DecodeCache.of(parameters.get("cache"), parameters.get("storage"));
    Work work = shape.work(causal, cache.storage());
    long operandBytes = work.bytes() + shape.work(causal).bytes(); // cache, and fp32 K and V
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, operandBytes + SCRATCH_BYTES));
  }
}
