package dev.shardmark.results.report;

import dev.shardmark.results.format.Check;
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

/** A layer of 8 billion parameters' width split along every axis, on a machine of two cores. */
final class ExampleAxes {
  static final List<Integer> DEGREES = List.of(1, 2, 4, 8);
  static final List<Integer> TOKENS = List.of(1, 64, 512);

  private static final String DENSE = "llama-3.1-8b";
  private static final String EXPERTS = "mixtral-8x7b";
  private static final long WIDTH = 4096;
  private static final long CACHE = 4 * 2 * 1024;
  private static final long WEIGHTS = 4 * 218_103_808L;
  private static final Settings SETTINGS = new Settings(1, 1, 3, 200, List.of());
  private static final List<Roof> ROOFS =
      List.of(
          new Roof("fma", null, 1, 110, Roof.GFLOPS), new Roof("read", "DRAM", 1, 25, Roof.GBS));

  private ExampleAxes() {}

  /** One way to split along one axis. */
  private record Split(String axis, String scheme, String model, double speedup) {
    boolean weights() {
      return !axis.equals(Names.CONTEXT) && !axis.equals(Names.DATA);
    }

    Workload work(int tokens, int degree) {
      long own = weights() ? tokens : Math.max(1, tokens / degree);
      long held = weights() ? WEIGHTS / degree : WEIGHTS;
      return new Workload(own * held / 2, held + 16 * own * WIDTH, "DRAM", 1, sent(tokens, degree));
    }

    long sent(int tokens, int degree) {
      long one = 4 * tokens * WIDTH * (degree - 1) / degree;
      return switch (axis) {
        case Names.TENSOR, Names.SEQUENCE -> 4 * one;
        case Names.EXPERT -> 4 * one / degree;
        case Names.CONTEXT -> one / 2;
        case Names.PIPELINE -> degree == 1 ? 0 : 4 * tokens * WIDTH;
        default -> 0;
      };
    }
  }

  private static final List<Split> SPLITS =
      List.of(
          new Split(Names.TENSOR, "all_reduce", DENSE, 1.92),
          new Split(Names.SEQUENCE, "reduce_scatter", DENSE, 1.9),
          new Split(Names.EXPERT, "dropless", EXPERTS, 1.83),
          new Split(Names.TENSOR, "all_reduce", EXPERTS, 1.9),
          new Split(Names.CONTEXT, "ring", DENSE, 1.32),
          new Split(Names.CONTEXT, "zigzag", DENSE, 1.88),
          new Split(Names.PIPELINE, "stages", DENSE, 1.86),
          new Split(Names.DATA, "replicas", DENSE, 1.97));

  static Run run() {
    List<Row> rows = new ArrayList<>();
    for (Split split : SPLITS) {
      for (String phase : List.of(Names.DECODE, Names.PREFILL)) {
        for (int tokens : TOKENS) {
          DEGREES.forEach(degree -> rows.add(alone(split, phase, tokens, degree)));
          rows.add(real(split, phase, tokens, 1, "shared"));
          rows.add(real(split, phase, tokens, 2, "shared"));
          rows.add(real(split, phase, tokens, 2, "copying"));
        }
      }
    }
    return run(rows);
  }

  static Run run(List<Row> rows) {
    return new Run(
        Run.FORMAT,
        Run.SCHEMA_VERSION,
        "20261124T101500Z-1e5a905-host",
        Instant.parse("2026-11-24T10:15:00Z"),
        Instant.parse("2026-11-24T10:19:00Z"),
        new Request("sweep", null, new TreeMap<>(), rows.size()),
        new Fingerprint(
            new TreeMap<>(Map.of("cpu.model", "Example 9000", "cpu.cores", "2")),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>()),
        ROOFS,
        rows);
  }

  private static Row alone(Split split, String phase, int tokens, int degree) {
    Workload work = split.work(tokens, degree);
    long held =
        work.bytes() - 16 * (split.weights() ? tokens : Math.max(1, tokens / degree)) * WIDTH;
    SortedMap<String, Metric> metrics = new TreeMap<>();
    metrics.put(Names.SENT_BYTES, metric("B", split.sent(tokens, degree)));
    metrics.put(Names.WEIGHT_BYTES, metric("B", held));
    metrics.put(Names.DUPLICATED_BYTES, metric("B", duplicated(split, held)));
    metrics.put(Names.SPLIT_PERCENT, metric("%", split.weights() ? 99.99 : 0));
    metrics.put(Names.CACHE_BYTES, metric("B", (double) CACHE / degree));
    return row(split, phase, tokens, degree, Names.ALONE, work, shardUs(work), metrics);
  }

  private static double duplicated(Split split, long held) {
    boolean stages = split.axis().equals(Names.PIPELINE);
    return stages ? 0 : split.weights() ? 8 * WIDTH : held;
  }

  private static Row real(Split split, String phase, int tokens, int degree, String transport) {
    double one = shardUs(split.work(tokens, 1));
    double speedup = degree == 1 ? 1 : transport.equals("shared") ? split.speedup() : 1.6;
    double us = one / speedup;
    double talk = split.sent(tokens, degree) / 4e3;
    SortedMap<String, Metric> metrics = new TreeMap<>();
    metrics.put(Names.SENT_BYTES, metric("B", split.sent(tokens, degree)));
    metrics.put(Names.COMPUTE_US, metric("us", us - Math.min(talk, us / 3)));
    metrics.put(Names.COMMUNICATION_US, metric("us", Math.min(talk, us / 4)));
    metrics.put(Names.WAITING_US, metric("us", Math.min(talk, us / 3) / 3));
    metrics.put(Names.SPEEDUP, metric("x", speedup));
    return row(split, phase, tokens, degree, transport, null, us, metrics);
  }

  private static double shardUs(Workload work) {
    return Example.roofUs(work, ROOFS) / 0.9;
  }

  private static Row row(
      Split split,
      String phase,
      int tokens,
      int degree,
      String transport,
      Workload work,
      double us,
      SortedMap<String, Metric> metrics) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.MODEL, split.model());
    parameters.put(Names.DEGREE, Integer.toString(degree));
    parameters.put(Names.TOKENS, Integer.toString(tokens));
    parameters.put(Names.PHASE, phase);
    parameters.put(Names.SCHEME, split.scheme());
    parameters.put(Names.TRANSPORT, transport);
    Metric time = metric(Metric.TIME_UNIT, us);
    return new Row(
        Names.AXIS + split.axis(),
        parameters,
        transport.equals(Names.ALONE) ? Label.ISOLATED : Label.MEASURED,
        null,
        SETTINGS,
        work,
        time,
        metrics,
        List.of(new Check("against the layer in double", 0.2)),
        FigureCalculator.figures(time, work, Roofline.of(ROOFS)));
  }

  private static Metric metric(String unit, double value) {
    return new Metric(unit, List.of(List.of(value)));
  }
}
