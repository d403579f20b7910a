package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.Timing;
import dev.shardmark.collectives.tuning.Cost;
import dev.shardmark.collectives.tuning.CostFit;
import dev.shardmark.collectives.tuning.Thresholds;
import dev.shardmark.kernels.Caches;
import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.report.Names;
import dev.shardmark.results.report.Report;
import dev.shardmark.results.store.RunFile;
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sweeps as rows of a run: one for each point and place. The time is of calls back to back, one
 * sample, for all of a sweep is one process; what else was found are metrics.
 */
final class SweepRun {
  private static final String PRESET = "sweep";
  private static final String CHECK = "every element on every rank";
  private static final double NS_PER_US = 1e3;

  private final RunFile file;
  private final Path path;
  private final Settings settings;

  private SweepRun(RunFile file, Path path, Settings settings) {
    this.file = file;
    this.path = path;
    this.settings = settings;
  }

  /** Begins a file that is not there yet. */
  static SweepRun start(
      Path path, SortedMap<String, List<String>> asked, int plannedRows, Effort effort) {
    Settings settings =
        new Settings(
            1,
            1,
            1,
            Math.toIntExact(effort.measureNs() / 1_000_000),
            ManagementFactory.getRuntimeMXBean().getInputArguments());
    Recording recording = Recording.start(path, new Request(PRESET, null, asked, plannedRows));
    return new SweepRun(recording.file(), path, settings);
  }

  /** Adds the points of one algorithm and what they say of it. */
  void add(List<SweepPoint> points, Optional<CostFit> fit) {
    for (SweepPoint point : points) {
      point.outOfPlace().ifPresent(timing -> add(point, "out_of_place", timing, fit));
      point.inPlace().ifPresent(timing -> add(point, Names.IN_PLACE, timing, fit));
      point.wrong().ifPresent(wrong -> file.add(failed(point, wrong)));
    }
    fit.ifPresent(found -> file.explain(Map.of(name(found.first()), found.sentence())));
  }

  /** Adds from which size on which algorithm is fastest. */
  void add(Thresholds thresholds) {
    String name =
        String.join(
            ".",
            Names.THRESHOLDS + thresholds.operation().parameter(),
            Integer.toString(thresholds.ranks()),
            thresholds.transport());
    file.explain(Map.of(name, thresholds.sentence()));
  }

  /** Marks the run as complete, and writes its report. */
  void finish() throws IOException {
    file.finish(Instant.now());
    Report.write(file.run(), ConfigurationFacts.all(), Recording.beside(path, ".html"));
  }

  private static String name(SweepPoint point) {
    return String.join(
        ".",
        Names.FIT,
        point.operation(),
        point.algorithm(),
        Integer.toString(point.ranks()),
        point.transport());
  }

  private void add(SweepPoint point, String place, Timing timing, Optional<CostFit> fit) {
    Metric time = time(timing.backToBackNs());
    boolean isFitted = point.timing().orElseThrow() == timing;
    Workload work = work(point);
    file.add(
        new Row(
            benchmark(point),
            parameters(point, place),
            label(point),
            null,
            settings,
            work,
            time,
            metrics(point, timing, isFitted ? fit : Optional.empty()),
            List.of(new Check(CHECK, 0.0)),
            FigureCalculator.figures(time, work, Roofline.of(List.of()))));
  }

  private Row failed(SweepPoint point, String wrong) {
    return new Row(
        benchmark(point),
        parameters(point, Names.IN_PLACE),
        label(point),
        wrong,
        settings,
        work(point),
        null,
        new TreeMap<>(),
        List.of(new Check(CHECK, null)),
        null);
  }

  private static String benchmark(SweepPoint point) {
    return Names.SWEEP + point.operation();
  }

  private static SortedMap<String, String> parameters(SweepPoint point, String place) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.ALGORITHM, point.algorithm());
    parameters.put(Names.BYTES, Long.toString(point.bytes()));
    parameters.put(Names.PLACE, place);
    parameters.put(Names.GROUP, Integer.toString(point.ranks()));
    parameters.put(Names.TRANSPORT, point.transport());
    if (!point.reduction().isEmpty()) {
      parameters.put("redop", point.reduction());
    }
    if (point.root() >= 0) {
      parameters.put("root", Integer.toString(point.root()));
    }
    return parameters;
  }

  /** Links that are emulated are a formula. */
  private static Label label(SweepPoint point) {
    return point.transport().startsWith("emulated") ? Label.MODELLED : Label.MEASURED;
  }

  /** Stores go to lines just loaded, which no roof loop does: a share of a roof would mislead. */
  private static Workload work(SweepPoint point) {
    String level = Caches.here().levelOf(point.ranks() * point.bytes());
    long sent = Collections.max(point.traffic().sentBytes());
    return new Workload(0, 0, level, point.ranks(), sent);
  }

  private static SortedMap<String, Metric> metrics(
      SweepPoint point, Timing timing, Optional<CostFit> fit) {
    SortedMap<String, Metric> metrics = new TreeMap<>();
    double ns = timing.backToBackNs();
    metrics.put("algbw", sample(Roof.GBS, point.traffic().algBwGBs(ns)));
    metrics.put(Names.BUS_BANDWIDTH, sample(Roof.GBS, point.traffic().busBwGBs(ns)));
    metrics.put("membw", sample(Roof.GBS, point.traffic().memoryGBs(ns)));
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      String name = Names.ISOLATED + "p" + Double.toString(percentile).replace(".0", "");
      metrics.put(name, time(timing.isolatedNs(percentile)));
    }
    metrics.put(Names.ISOLATED + "max", time(timing.isolatedNs(100)));
    fit.ifPresent(found -> addFit(metrics, point, found));
    return metrics;
  }

  private static void addFit(SortedMap<String, Metric> metrics, SweepPoint point, CostFit fit) {
    fit.residuals().stream()
        .filter(residual -> residual.bytes() == point.bytes())
        .findFirst()
        .ifPresent(residual -> metrics.put(Names.FIT, time(residual.fittedNs())));
    for (CostFit.Term term : fit.terms()) {
      Cost first = term.costs().getFirst();
      String unit = first == Cost.ALPHA ? "ns/step" : "ns/B";
      metrics.put(Names.FIT + "." + first.parameter(), sample(unit, term.ns()));
    }
  }

  private static Metric time(double ns) {
    return sample(Metric.TIME_UNIT, ns / NS_PER_US);
  }

  private static Metric sample(String unit, double value) {
    return new Metric(unit, List.of(List.of(value)));
  }
}
