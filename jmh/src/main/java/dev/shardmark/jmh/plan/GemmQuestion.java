package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.Shape;
import dev.shardmark.jmh.environment.Peers;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.gemm.Gemm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast each matrix multiply is on one core. */
final class GemmQuestion implements Question {
  /** At 2048 and on the shards netlib takes scalar loops: see NetlibGemm. */
  private static final List<String> NETLIB_IN_VECTORS =
      List.of("512x512x512", "1024x1024x1024", "127x511x1023");

  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "GemmBenchmark.multiply";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> squares = List.of("512x512x512", "1024x1024x1024", "2048x2048x2048");
    List<String> shards = List.of("512x1792x4096", "512x4096x1792");
    List<String> odd = List.of("127x511x1023");
    return switch (preset) {
      case SMOKE ->
          List.of(grid(List.of("vector", "scalar", "openblas"), List.of(squares.getFirst())));
      case QUICK ->
          List.of(
              grid(List.of("vector"), squares),
              grid(List.of("vector"), shards),
              grid(List.of("vector", "openblas", "scalar"), odd),
              grid(List.of("openblas"), List.of(squares.getFirst(), shards.getFirst())));
      case GATE ->
          List.of(
              grid(List.of("vector", "openblas"), squares),
              grid(List.of("vector", "openblas"), shards),
              grid(List.of("vector", "openblas", "scalar"), odd));
      case FULL ->
          List.of(
              grid(List.of("vector", "openblas", "onednn"), squares),
              grid(List.of("vector", "openblas", "onednn"), shards),
              grid(List.of("vector", "openblas", "onednn", "scalar"), odd),
              grid(List.of("netlib"), NETLIB_IN_VECTORS));
    };
  }

  private static Map<String, List<String>> grid(List<String> variants, List<String> shapes) {
    return Map.of("variant", variants, "shape", shapes);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    if (!Peers.isHere(Variant.of(parameters.get("variant")))) {
      return Optional.empty();
    }
    Shape s = Shape.of(parameters.get("shape"));
    Work work = Gemm.work(s.m(), s.n(), s.k());
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, work.bytes() + SCRATCH_BYTES));
  }
}
