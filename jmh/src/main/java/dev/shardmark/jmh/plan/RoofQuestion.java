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

  /**
   * Arithmetic and memory on every number of cores. The caches of one core too, but not to show
   * that everything runs; those of several cores, whose rows come from memory where time is short,
   * only in the long presets. A roof that is missing is a share of the roof that is missing.
   */
  @Override
  public List<Map<String, List<String>>> grids(Preset preset) {
    List<String> cores = cores();
    List<String> one = List.of("1");
    List<String> memory = List.of(Caches.DRAM);
    List<Map<String, List<String>>> grids = new ArrayList<>();
    grids.add(grid(List.of(RoofPoint.FMA), List.of(RoofPoint.REGISTERS), cores));
    if (preset == Preset.GATE || preset == Preset.FULL) {
      grids.add(grid(RoofPoint.STREAMS, Caches.LEVELS, cores));
      return grids;
    }
    if (preset == Preset.QUICK) {
      grids.add(grid(RoofPoint.STREAMS, Caches.LEVELS, one));
    }
    grids.add(grid(RoofPoint.STREAMS, memory, cores));
    return grids;
  }

  private static Map<String, List<String>> grid(
      List<String> loops, List<String> levels, List<String> cores) {
    return Map.of("loop", loops, "level", levels, "cores", cores);
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
