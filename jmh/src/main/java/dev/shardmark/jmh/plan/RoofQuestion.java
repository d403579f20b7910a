package dev.shardmark.jmh.plan;

import dev.shardmark.jmh.CoreCount;
import dev.shardmark.jmh.RoofPoint;
import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The ceilings every other row is read against; measured first. */
final class RoofQuestion implements Question {
  static final String BENCHMARK = "RoofBenchmark.loop";

  @Override
  public String benchmark() {
    return BENCHMARK;
  }

  @Override
  public List<String> parameterNames() {
    return List.of("loop", "level", "cores");
  }

  /** The same for every preset: a roof that is missing is a share of the roof that is missing. */
  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> cores = cores();
    return List.of(
        Map.of(
            "loop", List.of(RoofPoint.FMA), "level", List.of(RoofPoint.REGISTERS), "cores", cores),
        Map.of("loop", RoofPoint.STREAMS, "level", Caches.LEVELS, "cores", cores));
  }

  /** Powers of two up to the cores, and all of them. */
  private static List<String> cores() {
    List<String> cores = new ArrayList<>();
    for (int p = 1; p < CoreCount.here(); p *= 2) {
      cores.add(Integer.toString(p));
    }
    cores.add(Integer.toString(CoreCount.here()));
    return cores;
  }

  @Override
  public Optional<PlannedRow> row(SortedMap<String, String> parameters) {
    int cores = Question.count("cores", parameters.get("cores"));
    RoofPoint point = RoofPoint.of(parameters.get("loop"), parameters.get("level"), cores);
    Work work = point.work();
    Workload all =
        new Workload(
            work.flop() * cores,
            work.bytes() * cores,
            point.footprintBytes() == 0 ? "L1" : point.level(),
            cores,
            0);
    return Optional.of(
        new PlannedRow(
            BENCHMARK, parameters, Label.MEASURED, all, point.footprintBytes() * cores * 2));
  }
}
