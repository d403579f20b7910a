package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.BlockingChoice;
import dev.shardmark.jmh.Shape;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.MicroKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Which cache blocks make a packed product fast. */
final class BlockingQuestion implements Question {
  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "BlockingBenchmark.multiply";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("blocking", "shape", "variant");
  }

  /** Each of the four blocks smaller and larger than on common machines, alone and together. */
  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    return switch (preset) {
      case SMOKE -> List.of(grid(List.of("24x32x64x96"), List.of("127x129x131")));
      case QUICK -> List.of();
      case GATE -> List.of(grid(List.of("auto", "96x128x512x1024"), List.of("1024x1024x1024")));
      case FULL ->
          List.of(
              grid(
                  List.of(
                      "auto",
                      "96x128x1024x4096",
                      "96x256x1024x4096",
                      "192x64x1024x4096",
                      "192x128x256x4096",
                      "192x128x512x4096",
                      "192x128x1024x1024",
                      "192x128x1024x4096",
                      "192x128x2048x4096",
                      "192x256x1024x4096",
                      "384x128x1024x4096",
                      "384x256x1024x4096"),
                  List.of("1024x1024x1024", "2048x2048x2048", "512x1792x4096")));
    };
  }

  private static Map<String, List<String>> grid(List<String> blockings, List<String> shapes) {
    return Map.of("blocking", blockings, "shape", shapes, "variant", List.of("vector"));
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    BlockingChoice.check(parameters.get("variant"));
    BlockingChoice.of(parameters.get("blocking"));
    Shape s = Shape.of(parameters.get("shape"));
    Work work = Gemm.work(s.m(), s.n(), s.k());
    // Blocks as large as the operands copy all of them, in whole panels.
    long copied = Gemm.work(s.m(), s.n(), Math.max(s.k(), MicroKernel.KC)).bytes();
    long heapBytes = work.bytes() + copied + SCRATCH_BYTES;
    return Optional.of(PlannedRow.onOneCore(benchmark(), parameters, work, heapBytes));
  }
}
