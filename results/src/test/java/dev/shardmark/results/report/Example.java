package dev.shardmark.results.report;

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
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Runs as a two-core machine would give them; every number follows from the shapes. */
final class Example {
  private static final Settings SETTINGS = new Settings(3, 3, 5, 200, List.of("-Xmx2g"));
  private static final double FMA = 110;
  private static final String COLLAPSED =
      "GemmBenchmark.multiply shape=127x511x1023 variant=vector";
  private static final List<Integer> TOKENS = List.of(1, 16, 64, 512);

  private Example() {}

  /** A matrix of a layer: inputs k, outputs n, split over columns or rows. */
  private record Linear(String name, long n, long k, boolean columns) {}

  private record Model(String name, List<Linear> linears) {}

  private static final List<Model> MODELS =
      List.of(
          new Model("llama-3.1-8b", linears(4096, 6144, 14336)),
          new Model("llama-3.1-70b", linears(8192, 10240, 28672)));

  private static List<Linear> linears(int model, int qkv, int hidden) {
    return List.of(
        new Linear("qkv", qkv, model, true),
        new Linear("o", model, model, false),
        new Linear("gate_up", 2L * hidden, model, true),
        new Linear("down", model, hidden, false));
  }

  /** Every row good, but for one that failed, one above its roof and one with a collapsed fork. */
  static Run full() {
    List<Row> rows = new ArrayList<>();
    for (Roof roof : roofs()) {
      rows.add(roofRow(roof));
    }
    for (String variant : List.of("scalar", "vector")) {
      for (long[] s : new long[][] {{1, 4096, 4096}, {128, 512, 4096}, {127, 511, 1023}}) {
        rows.add(gemm(variant, s[0], s[1], s[2]));
      }
    }
    for (Model model : MODELS) {
      for (Linear linear : model.linears()) {
        for (int tokens : TOKENS) {
          for (int tp : List.of(1, 2, 4, 8)) {
            rows.add(shard(model, linear, tokens, tp, "cold"));
            if (model == MODELS.getFirst()) {
              rows.add(shard(model, linear, tokens, tp, "warm"));
            }
          }
          rows.add(ranks(model, linear, tokens, 1, "direct"));
          rows.add(ranks(model, linear, tokens, 2, "direct"));
          rows.add(ranks(model, linear, tokens, 2, "ring"));
        }
      }
    }
    rows.add(failed("openblas"));
    return run(rows, roofs(), rows.size(), Instant.parse("2026-11-23T10:19:00Z"));
  }

  /** Killed on the way: only the first shards of the first model. */
  static Run partial() {
    Run full = full();
    List<Row> rows = full.rows().subList(0, full.roofs().size() + 6 + 20);
    return run(rows, full.roofs(), full.rows().size(), null);
  }

  static Run empty() {
    return run(List.of(), List.of(), 12, null);
  }

  static Run failedOnly() {
    return run(
        List.of(failed("openblas"), failed("onednn")),
        List.of(),
        2,
        Instant.parse("2026-11-23T10:00:00Z"));
  }

  /** The full run with every name and value changed. */
  static Run renamed(UnaryOperator<String> change) {
    Run run = full();
    List<Row> rows =
        run.rows().stream()
            .map(
                row ->
                    new Row(
                        row.benchmark().equals(Names.SHARD) || row.benchmark().equals(Names.RANKS)
                            ? row.benchmark()
                            : change.apply(row.benchmark()),
                        changed(row.parameters(), change),
                        row.label(),
                        row.failure() == null ? null : change.apply(row.failure()),
                        row.settings(),
                        row.work(),
                        row.time(),
                        row.metrics(),
                        row.checks(),
                        row.figures() == null ? null : renamed(row.figures(), change)))
            .toList();
    List<Roof> roofs = new ArrayList<>(run.roofs());
    roofs.add(new Roof(change.apply("read"), change.apply("L4"), 1, 33, change.apply("GB/s")));
    Fingerprint f = run.fingerprint();
    return new Run(
        Run.FORMAT,
        Run.SCHEMA_VERSION,
        change.apply(run.id()),
        run.startedAt(),
        run.finishedAt(),
        new Request(change.apply("gate"), null, new TreeMap<>(), 3),
        new Fingerprint(
            changed(f.machine(), change),
            changed(f.jvm(), change),
            changed(f.build(), change),
            changed(f.context(), change)),
        roofs,
        rows);
  }

  private static Figures renamed(Figures f, UnaryOperator<String> change) {
    return new Figures(
        f.timeUs(),
        f.bestForkUs(),
        f.worstForkUs(),
        f.gflops(),
        f.gbs(),
        f.intensity(),
        f.roofPercent(),
        f.bound() == null ? null : change.apply(f.bound()));
  }

  private static SortedMap<String, String> changed(
      Map<String, String> facts, UnaryOperator<String> change) {
    SortedMap<String, String> changed = new TreeMap<>();
    facts.forEach(
        (name, value) -> {
          boolean number = value.matches("[0-9]+");
          changed.put(name, number ? value : change.apply(value));
          changed.put(change.apply(name), value);
        });
    return changed;
  }

  private static List<Roof> roofs() {
    List<Roof> roofs = new ArrayList<>();
    roofs.add(new Roof("fma", null, 1, FMA, Roof.GFLOPS));
    roofs.add(new Roof("fma", null, 2, 2 * FMA, Roof.GFLOPS));
    String[] levels = {"L1", "L2", "L3", "DRAM"};
    double[] one = {210, 98, 44, 25};
    double[] two = {420, 195, 81, 40};
    String[] loops = {"read", "copy", "triad"};
    double[] share = {1, 0.82, 0.88};
    for (int i = 0; i < levels.length; i++) {
      for (int j = 0; j < loops.length; j++) {
        roofs.add(new Roof(loops[j], levels[i], 1, one[i] * share[j], Roof.GBS));
        roofs.add(new Roof(loops[j], levels[i], 2, two[i] * share[j], Roof.GBS));
      }
    }
    return roofs;
  }

  private static Row roofRow(Roof roof) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put("loop", roof.loop());
    parameters.put("level", roof.level() == null ? "registers" : roof.level());
    parameters.put("cores", Integer.toString(roof.cores()));
    boolean fma = roof.level() == null;
    long amount = 1_000_000;
    Workload work =
        new Workload(
            fma ? amount : 0, fma ? 0 : amount, fma ? "L1" : roof.level(), roof.cores(), 0);
    return row(Names.ROOF, parameters, work, amount / roof.value() / 1e3, Map.of());
  }

  private static Row gemm(String variant, long m, long n, long k) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.VARIANT, variant);
    parameters.put("shape", m + "x" + n + "x" + k);
    Workload work = gemmWork(m, n, k, m * n + n * k < 2_000_000 ? "L3" : "DRAM", 1);
    double us = roofUs(work) / (variant.equals("scalar") ? 0.21 : 0.93);
    return row("GemmBenchmark.multiply", parameters, work, us, Map.of());
  }

  private static Row shard(Model model, Linear linear, int tokens, int tp, String weights) {
    SortedMap<String, String> parameters = parameters(model, linear, tokens, tp, weights);
    String level = weights.equals("warm") && tp == 8 ? "L3" : "DRAM";
    Workload work = shardWork(linear, tokens, tp, level, 1);
    double us = roofUs(work) / efficiency(linear, tokens, tp);
    if (linear.name().equals("o") && tokens == 1 && tp == 8 && weights.equals("warm")) {
      us = roofUs(work) / 1.08;
    }
    return row(Names.SHARD, parameters, work, us, Map.of());
  }

  private static Row ranks(Model model, Linear linear, int tokens, int tp, String allReduce) {
    SortedMap<String, String> parameters = parameters(model, linear, tokens, tp, "cold");
    parameters.put(Names.ALL_REDUCE, allReduce);
    Workload one = shardWork(linear, tokens, tp, "DRAM", 1);
    double contention = tp == 2 && bound(one).name().equals(Figures.BANDWIDTH) ? 1.25 : 1;
    double compute = roofUs(one) / efficiency(linear, tokens, tp) * contention;
    long sent = tp == 1 || linear.columns() ? 0 : 4L * tokens * linear.n();
    double talk = sent == 0 ? 0 : (allReduce.equals("ring") ? 34 : 21) + sent / 1e3;
    double wait = tp == 1 ? 0 : 1.2 + 0.015 * compute;
    Workload work = new Workload(tp * one.flop(), tp * one.bytes(), "DRAM", tp, sent);
    Map<String, Double> phases =
        Map.of(Names.COMPUTE, compute, Names.COMMUNICATION, talk, Names.WAIT, wait);
    return row(Names.RANKS, parameters, work, compute + talk + 0.8 * wait, phases);
  }

  private static Row failed(String variant) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.VARIANT, variant);
    parameters.put("shape", "128x512x4096");
    return new Row(
        "GemmBenchmark.multiply",
        parameters,
        Label.ISOLATED,
        "variant=" + variant + ": lib" + variant + " not found on the library path",
        SETTINGS,
        null,
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }

  private static SortedMap<String, String> parameters(
      Model model, Linear linear, int tokens, int tp, String weights) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.MODEL, model.name());
    parameters.put(Names.LINEAR, linear.name());
    parameters.put(Names.TOKENS, Integer.toString(tokens));
    parameters.put(Names.TP, Integer.toString(tp));
    parameters.put(Names.WEIGHTS, weights);
    parameters.put(Names.VARIANT, "vector");
    return parameters;
  }

  private static Workload shardWork(Linear l, int tokens, int tp, String level, int cores) {
    return l.columns()
        ? gemmWork(tokens, l.n() / tp, l.k(), level, cores)
        : gemmWork(tokens, l.n(), l.k() / tp, level, cores);
  }

  private static Workload gemmWork(long m, long n, long k, String level, int cores) {
    return new Workload(2 * m * n * k, 4 * (m * k + k * n + m * n), level, cores, 0);
  }

  private static double efficiency(Linear linear, int tokens, int tp) {
    double base = tokens == 1 ? 0.96 : tokens == 16 ? 0.86 : tokens == 64 ? 0.88 : 0.93;
    double thin = linear.columns() ? 0.008 : 0.03;
    return base - thin * Math.log(tp) / Math.log(2);
  }

  private static double roofUs(Workload work) {
    return bound(work).timeUs();
  }

  /** The least time the roofs allow, microseconds. */
  static double roofUs(Workload work, List<Roof> roofs) {
    return Roofline.of(roofs).bound(work).orElseThrow().timeUs();
  }

  private static Roofline.Bound bound(Workload work) {
    return Roofline.of(roofs()).bound(work).orElseThrow();
  }

  /** A good row in a few forks, without phases. */
  static Row row(
      String benchmark,
      SortedMap<String, String> parameters,
      Workload work,
      double us,
      List<Roof> roofs) {
    return row(benchmark, parameters, work, us, Map.of(), roofs);
  }

  private static Row row(
      String benchmark,
      SortedMap<String, String> parameters,
      Workload work,
      double us,
      Map<String, Double> phases) {
    return row(benchmark, parameters, work, us, phases, roofs());
  }

  private static Row row(
      String benchmark,
      SortedMap<String, String> parameters,
      Workload work,
      double us,
      Map<String, Double> phases,
      List<Roof> roofs) {
    int noise = Math.floorMod(Row.name(benchmark, parameters).hashCode(), 1000);
    boolean collapsed = Row.name(benchmark, parameters).equals(COLLAPSED);
    double worst = us * (collapsed ? 41 : 1.01 + noise / 20_000.0);
    double best = us * (0.995 - noise / 50_000.0);
    SortedMap<String, Metric> metrics = new TreeMap<>();
    metrics.put(Names.ALLOCATED, samples("B/op", 0, 0, collapsed ? 81_920 : 0));
    phases.forEach(
        (name, value) -> metrics.put(name, samples(Metric.TIME_UNIT, value, value, value)));
    Metric time = samples(Metric.TIME_UNIT, best, us, worst);
    Figures figures = FigureCalculator.figures(time, work, Roofline.of(roofs));
    return new Row(
        benchmark,
        parameters,
        benchmark.equals(Names.SHARD) ? Label.ISOLATED : Label.MEASURED,
        null,
        SETTINGS,
        work,
        time,
        metrics,
        List.of(new Check("against the reference", 0.05 + noise / 2000.0)),
        figures);
  }

  private static Metric samples(String unit, double... forks) {
    List<List<Double>> samples = new ArrayList<>();
    for (double fork : forks) {
      samples.add(List.of(fork, fork, fork, fork, fork));
    }
    return new Metric(unit, samples);
  }

  private static Run run(List<Row> rows, List<Roof> roofs, int planned, Instant finishedAt) {
    return new Run(
        Run.FORMAT,
        Run.SCHEMA_VERSION,
        "20261123T095816Z-97717e6-bench1",
        Instant.parse("2026-11-23T09:58:16Z"),
        finishedAt,
        new Request("full", null, new TreeMap<>(), planned),
        new Fingerprint(
            new TreeMap<>(
                Map.of(
                    Names.CPU_MODEL,
                    "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz",
                    Names.CPU_CORES,
                    "2",
                    "cache.l2Bytes",
                    "2097152",
                    "memory.totalBytes",
                    "8329273344",
                    "cpu.flags",
                    "avx2 avx512bw avx512cd avx512dq avx512f avx512vl bmi2 f16c fma sse4_2")),
            new TreeMap<>(
                Map.of(Names.JVM_NAME, "OpenJDK 64-Bit Server VM", Names.JVM_VERSION, "25.0.3+9")),
            new TreeMap<>(Map.of(Names.GIT_COMMIT, "97717e6", Names.GIT_DIRTY, "true")),
            new TreeMap<>(
                Map.of(
                    "cpu.governor",
                    "unavailable: no cpufreq in this guest",
                    "os.load",
                    "0.23 0.33 0.22"))),
        roofs,
        rows);
  }
}
