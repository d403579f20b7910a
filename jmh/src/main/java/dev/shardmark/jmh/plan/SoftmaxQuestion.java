package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.RowShape;
import dev.shardmark.jmh.SoftmaxChoice;
import dev.shardmark.jmh.environment.Peers;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.Work;
import dev.shardmark.kernels.softmax.Softmax;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** How fast softmax over rows is on one core. */
final class SoftmaxQuestion implements Question {
  /** The check keeps some arrays of one row in double. */
  private static final long SCRATCH_BYTES = 32 << 20;

  @Override
  public String benchmark() {
    return "SoftmaxBenchmark.normalize";
  }

  @Override
  public List<String> parameterNames() {
    return List.of("variant", "algorithm", "shape");
  }

  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> both = List.of("vector", "scalar");
    List<String> selected = List.of("selected");
    if (preset == Preset.SMOKE) {
      return List.of(grid(both, selected, List.of("127x511")));
    }
    if (preset == Preset.QUICK) {
      return List.of(grid(List.of("vector"), selected, List.of("512x512")));
    }
    if (preset == Preset.GATE) {
      return List.of(
          grid(both, selected, List.of("512x512")),
          grid(List.of("vector"), List.of("online"), List.of("512x512")));
    }
    return List.of(
        grid(
            List.of("vector", "scalar", "onednn"),
            selected,
            List.of("127x511", "512x512", "512x4096", "1x128256", "512x32768")),
        grid(
            List.of("vector"),
            List.of("online", "library-exp"),
            List.of("512x512", "512x4096", "1x128256", "512x32768")));
  }

  private static Map<String, List<String>> grid(
      List<String> variants, List<String> algorithms, List<String> shapes) {
    return Map.of("variant", variants, "algorithm", algorithms, "shape", shapes);
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    SoftmaxChoice.check(parameters.get("variant"), parameters.get("algorithm"));
    if (!Peers.isHere(Variant.of(parameters.get("variant")))) {
      return Optional.empty();
    }
    RowShape s = RowShape.of(parameters.get("shape"));
    Work work = Softmax.work(s.rows(), s.cols());
    return Optional.of(
        PlannedRow.onOneCore(benchmark(), parameters, work, work.bytes() + SCRATCH_BYTES));
  }
}
