package dev.shardmark.results.report;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A sweep of which every time is alpha + beta S: one_shot has the lesser alpha, direct the lesser
 * beta, and they take the same at 8 KiB.
 */
final class ExampleSweep {
  static final List<Long> SIZES = List.of(4L, 64L, 1024L, 16384L, 262144L, 4194304L);

  private ExampleSweep() {}

  static double us(String algorithm, long bytes) {
    return algorithm.equals("one_shot") ? 0.2 + bytes * 2e-4 : 1.0192 + bytes * 1e-4;
  }

  static Run run() {
    List<Row> rows = new ArrayList<>();
    for (String place : List.of("out_of_place", "in_place")) {
      for (String algorithm : List.of("direct", "one_shot")) {
        SIZES.forEach(bytes -> rows.add(row(algorithm, place, bytes, us(algorithm, bytes))));
      }
    }
    for (long bytes : SIZES) {
      double fastest = Math.min(us("direct", bytes), us("one_shot", bytes));
      rows.add(row("auto", "in_place", bytes, fastest));
    }
    Run run =
        Run.started(
            "20261123T101500Z-1e5a905-host",
            Instant.parse("2026-11-23T10:15:00Z"),
            new Request("sweep", null, new TreeMap<>(), rows.size()),
            new Fingerprint(
                new TreeMap<>(Map.of("cpu.model", "Example 9000", "cpu.cores", "2")),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>()));
    for (Row row : rows) {
      run = run.plus(row);
    }
    return run.explained(
            Map.of(
                "thresholds.all_reduce.2.shared", "from 4 one_shot, from 16384 direct",
                "fit.all_reduce.direct.2.shared", "alpha 510 ns a step, beta 0.1 ns a byte sent"))
        .finished(Instant.parse("2026-11-23T10:19:00Z"));
  }

  private static Row row(String algorithm, String place, long bytes, double us) {
    SortedMap<String, Metric> metrics = new TreeMap<>();
    metrics.put("busbw", metric("GB/s", bytes / us / 1e3));
    for (String percentile : List.of("p50", "p90", "p99", "p99.9", "max")) {
      metrics.put("isolated." + percentile, metric(Metric.TIME_UNIT, us * (1 + metrics.size())));
    }
    if (!algorithm.equals("auto") && place.equals("in_place")) {
      metrics.put("fit", metric(Metric.TIME_UNIT, us));
    }
    return new Row(
        "Sweep.all_reduce",
        new TreeMap<>(
            Map.of(
                "algorithm",
                algorithm,
                "bytes",
                Long.toString(bytes),
                "place",
                place,
                "ranks",
                "2",
                "redop",
                "sum",
                "transport",
                "shared")),
        Label.MEASURED,
        null,
        new Settings(1, 1, 1, 500, List.of()),
        new Workload(0, 0, "L2", 2, bytes),
        metric(Metric.TIME_UNIT, us),
        metrics,
        List.of(new Check("every element on every rank", 0.0)),
        new Figures(us, us, us, null, null, null, null, null));
  }

  private static Metric metric(String unit, double value) {
    return new Metric(unit, List.of(List.of(value)));
  }
}
