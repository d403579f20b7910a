package dev.shardmark.results.targets;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs and targets of a few made-up rows. */
final class HandMade {
  static final String BENCHMARK = "ToyBenchmark.play";

  /** Rows are called as they are named. */
  static final RowNames NAMES =
      new RowNames() {
        @Override
        public String name(TargetRow row) {
          if (!row.benchmark().equals(BENCHMARK)) {
            throw new IllegalArgumentException("there is no such benchmark");
          }
          return row.toString();
        }

        @Override
        public String whyAbsent(TargetRow row) {
          return row.benchmark().equals(BENCHMARK)
              ? "the run has no such row"
              : "there is no such benchmark";
        }
      };

  private HandMade() {}

  static Run run(Row... rows) {
    Run run =
        Run.started(
            "id",
            Instant.EPOCH,
            new Request("targets", null, new TreeMap<>(), rows.length),
            new Fingerprint(
                new TreeMap<>(Map.of("cpu.model", "Toy")),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>()));
    for (Row row : rows) {
      run = run.plus(row);
    }
    return run;
  }

  /** 100 GFLOP/s, and 10 GB/s read from memory. */
  static Run withRoofs(Run run) {
    return run.withRoofs(
        List.of(
            new Roof("fma", null, 1, 100, Roof.GFLOPS),
            new Roof("fma", null, 2, 200, Roof.GFLOPS),
            new Roof("read", "L2", 1, 50, Roof.GBS),
            new Roof("read", "DRAM", 1, 10, Roof.GBS)));
  }

  /** A row of 1e6 flop and 1e5 bytes from memory, with one sample a fork. */
  static Row row(String variant, String shape, Double... us) {
    return row(variant, shape, List.of(new Check("toy", 0.5)), us);
  }

  static Row row(String variant, String shape, List<Check> checks, Double... us) {
    return new Row(
        BENCHMARK,
        parameters(variant, shape),
        Label.MEASURED,
        null,
        new Settings(us.length, 1, 1, 1, List.of()),
        new Workload(1_000_000, 100_000, "DRAM", 1, 0),
        new Metric(Metric.TIME_UNIT, Stream.of(us).map(List::of).toList()),
        new TreeMap<>(),
        checks,
        new Figures(1, 1, 1, null, null, null, null, null));
  }

  static Row failed(String variant, String shape) {
    return new Row(
        BENCHMARK,
        parameters(variant, shape),
        Label.MEASURED,
        "out of paper",
        new Settings(5, 1, 1, 1, List.of()),
        null,
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }

  /** Five forks that take as long. */
  static Double[] five(double us) {
    Double[] forks = new Double[5];
    Arrays.fill(forks, us);
    return forks;
  }

  static Target target(double atLeast, Yardstick against, String... shapes) {
    return new Target(
        "toys",
        BENCHMARK,
        new TreeMap<>(Map.of("variant", List.of("own"), "shape", List.of(shapes))),
        atLeast,
        against);
  }

  static Yardstick peers(String... variants) {
    return new BestPeer(
        Rate.FLOP,
        Stream.of(variants)
            .map(variant -> new Peer(null, new TreeMap<>(Map.of("variant", variant)), null))
            .toList());
  }

  static TargetResult judge(Run run, Target target) {
    return new Judge(run, NAMES).judge(TargetRows.matching(List.of(target), null)).get(0);
  }

  private static TreeMap<String, String> parameters(String variant, String shape) {
    return new TreeMap<>(Map.of("variant", variant, "shape", shape));
  }
}
