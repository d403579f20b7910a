package dev.shardmark.results.format;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A run with one row of each kind; every component has a value somewhere. */
public final class ExampleRun {
  private static final Settings SETTINGS =
      new Settings(3, 3, 3, 200, List.of("--add-modules=jdk.incubator.vector"));

  private ExampleRun() {}

  public static Run full() {
    return header()
        .withRoofs(
            List.of(
                new Roof("fma", null, 1, 125, Roof.GFLOPS),
                new Roof("fma", null, 2, 248.5, Roof.GFLOPS),
                new Roof("read", "L3", 1, 32, Roof.GBS),
                new Roof("copy", "DRAM", 2, 20, Roof.GBS),
                new Roof("triad", "DRAM", 2, 25, Roof.GBS)))
        .plus(gemm())
        .plus(allReduce())
        .plus(failed())
        .finished(Instant.parse("2026-11-23T10:15:30.250Z"));
  }

  public static Run header() {
    return Run.started(
        "20261123T101500Z-1e5a905-zürich",
        Instant.parse("2026-11-23T10:15:00Z"),
        new Request("quick", "Gemm|AllReduce", sorted(Map.of("ranks", List.of("1", "2"))), 3),
        new Fingerprint(
            sorted(Map.of("cpu.model", "Example 9000", "cache.l2Bytes", "2097152")),
            sorted(Map.of("jvm.version", "25.0.3+9-LTS")),
            sorted(Map.of("git.commit", "1e5a905")),
            sorted(Map.of("governor", "unavailable: no such file"))));
  }

  /** The {@code i}-th of many small rows. */
  public static Row row(int i) {
    return new Row(
        "CopyBenchmark.copy",
        sorted(Map.of("i", Integer.toString(i))),
        Label.ISOLATED,
        null,
        SETTINGS,
        null,
        new Metric(Metric.TIME_UNIT, List.of(List.of(1.5))),
        sorted(Map.of()),
        List.of(),
        new Figures(1.5, 1.5, 1.5, null, null, null, null, null));
  }

  private static Row gemm() {
    return new Row(
        "GemmBenchmark.multiply",
        sorted(Map.of("variant", "vector", "shape", "64x512x4096")),
        Label.ISOLATED,
        null,
        SETTINGS,
        new Workload(268_435_456, 9_568_256, "L3", 1, 0),
        new Metric(
            Metric.TIME_UNIT,
            List.of(
                List.of(2500.0, 2510.0, 2490.0),
                List.of(2520.0, 2540.0, 2530.0),
                List.of(2480.0, 2500.0, 2470.0))),
        sorted(Map.of("allocated", new Metric("B/op", List.of(List.of(0.0), List.of(16.0))))),
        List.of(new Check("product against reference", 0.25)),
        new Figures(
            2500,
            2480,
            2530,
            107.3741824,
            3.8273024,
            268_435_456 / 9_568_256.0,
            85.89934592,
            Figures.COMPUTE));
  }

  private static Row allReduce() {
    return new Row(
        "AllReduceBenchmark.ring",
        sorted(Map.of("ranks", "2")),
        Label.MEASURED,
        null,
        SETTINGS,
        new Workload(0, 1_000_000, "DRAM", 2, 500_000),
        new Metric(Metric.TIME_UNIT, List.of(List.of(100.0), List.of(80.0))),
        sorted(Map.of()),
        List.of(new Check("sum on every rank", 0.0)),
        new Figures(90, 80, 100, null, 1_000_000 / 90e3, 0.0, 4000 / 90.0, Figures.BANDWIDTH));
  }

  private static Row failed() {
    return new Row(
        "GemmBenchmark.multiply",
        sorted(Map.of("variant", "openblas", "shape", "64x512x4096")),
        Label.ISOLATED,
        "variant=openblas: the result was not a number",
        SETTINGS,
        null,
        null,
        sorted(Map.of()),
        List.of(new Check("product against reference", Double.NaN)),
        null);
  }

  private static <V> TreeMap<String, V> sorted(Map<String, V> map) {
    return new TreeMap<>(map);
  }
}
