package dev.shardmark.cli;

import dev.shardmark.kernels.Caches;
import dev.shardmark.kernels.Work;
import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.parallel.sweep.AxisSweep;
import dev.shardmark.parallel.sweep.Trial;
import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.report.Names;
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Points of a sweep of the axes as rows. The time of a rank alone is that of its kernels; that of
 * ranks together is the step of the slowest, waiting and all.
 */
final class AxisRows {
  private static final double NS_PER_US = 1e3;
  private static final String SAME = "all tokens beside one rank alone";
  private static final String REHEARSED =
      "all ranks beside one at small dimensions, and every byte counted";
  private static final String US = "us";
  private static final String BYTES = "B";

  private final String model;
  private final Settings settings;
  private final Roofline roofs;

  AxisRows(String model, Settings settings, Roofline roofs) {
    this.model = model;
    this.settings = settings;
    this.roofs = roofs;
  }

  /**
   * The busiest rank alone.
   *
   * @param rehearsed how well all ranks agreed with one, at small dimensions
   */
  Row alone(
      SortedMap<String, String> parameters,
      AxisSplit split,
      long sent,
      List<Trial.Sample> of,
      double rehearsed) {
    Check small = new Check(REHEARSED, rehearsed);
    if (!small.passed()) {
      return failed(
          parameters, split, Names.ALONE, "ranks together do not end with what one rank ends with");
    }
    Metric time = time(of, Trial.Sample::computeNs);
    SortedMap<String, Metric> metrics = shard(split, sent);
    return row(
        split, Names.ALONE, parameters, Label.ISOLATED, time, metrics, List.of(small), 1, sent);
  }

  /** All ranks together; the check that failed, if it did. */
  Row together(
      SortedMap<String, String> parameters,
      AxisSplit split,
      String transport,
      AxisSweep.Measured measured) {
    List<Trial.Sample> steps = measured.together();
    Metric time = time(steps, Trial.Sample::wallNs);
    long sent = Arrays.stream(measured.sentBytes()).max().orElse(0);
    SortedMap<String, Metric> metrics = shard(split, sent);
    metrics.put(Names.COMPUTE_US, micros(steps, Trial.Sample::computeNs));
    metrics.put(Names.COMMUNICATION_US, micros(steps, Trial.Sample::communicationNs));
    metrics.put(Names.WAITING_US, micros(steps, Trial.Sample::waitingNs));
    metrics.put(
        Names.ATTENTION_EFFICIENCY,
        new Metric("%", List.of(measured.attentionEfficiencies(split.ranks()))));
    metrics.put(Names.SPEEDUP, new Metric("x", List.of(measured.speedups())));
    Check same = new Check(SAME, measured.worst());
    if (!same.passed()) {
      return failed(
          parameters, split, transport, "ranks together do not end with what one rank ends with");
    }
    return row(
        split,
        transport,
        parameters,
        label(transport),
        time,
        metrics,
        List.of(same),
        split.ranks(),
        sent);
  }

  /** A point without figures. */
  Row failed(
      SortedMap<String, String> parameters, AxisSplit split, String transport, String failure) {
    return new Row(
        benchmark(split),
        named(parameters, split, transport),
        label(transport),
        failure,
        settings,
        work(split, 1, 0),
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }

  private Row row(
      AxisSplit split,
      String transport,
      SortedMap<String, String> parameters,
      Label label,
      Metric time,
      SortedMap<String, Metric> metrics,
      List<Check> checks,
      int cores,
      long sent) {
    Workload work = work(split, cores, sent);
    return new Row(
        benchmark(split),
        named(parameters, split, transport),
        label,
        null,
        settings,
        work,
        time,
        metrics,
        checks,
        FigureCalculator.figures(time, work, roofs));
  }

  /** Links that are emulated model a machine that is not here. */
  private static Label label(String transport) {
    if (transport.equals(Names.ALONE)) {
      return Label.ISOLATED;
    }
    return transport.startsWith("emulated") ? Label.MODELLED : Label.MEASURED;
  }

  /** The name of the row of a point. */
  String name(SortedMap<String, String> parameters, AxisSplit split, String transport) {
    return Row.name(benchmark(split), named(parameters, split, transport));
  }

  private static String benchmark(AxisSplit split) {
    return Names.AXIS + split.axis().parameter();
  }

  private SortedMap<String, String> named(
      SortedMap<String, String> parameters, AxisSplit split, String transport) {
    SortedMap<String, String> named = new TreeMap<>(parameters);
    named.put(Names.MODEL, model);
    named.put(Names.DEGREE, Integer.toString(split.ranks()));
    named.put(Names.SCHEME, split.scheme());
    named.put(Names.TRANSPORT, transport);
    return named;
  }

  /** Of one rank alone, or of all together. */
  private static Workload work(AxisSplit split, int cores, long sent) {
    Work work = split.work(split.busiest());
    if (cores > 1) {
      work = ofAll(split);
    }
    return new Workload(work.flop(), work.bytes(), Caches.DRAM, cores, sent);
  }

  private static Work ofAll(AxisSplit split) {
    Work all = new Work(0, 0);
    for (int rank = 0; rank < split.ranks(); rank++) {
      all = all.plus(split.work(rank));
    }
    return all;
  }

  private static SortedMap<String, Metric> shard(AxisSplit split, long sent) {
    int rank = split.busiest();
    long mine = split.rankWeights(rank);
    long twice = split.duplicatedWeights(rank);
    SortedMap<String, Metric> metrics = new TreeMap<>();
    metrics.put(Names.SENT_BYTES, one(BYTES, sent));
    metrics.put(Names.WEIGHT_BYTES, one(BYTES, Float.BYTES * (double) mine));
    metrics.put(Names.DUPLICATED_BYTES, one(BYTES, Float.BYTES * (double) twice));
    metrics.put(Names.SPLIT_PERCENT, one("%", splitPercent(split)));
    metrics.put(Names.CACHE_BYTES, one(BYTES, Float.BYTES * split.cacheElementsPerToken()));
    return metrics;
  }

  /** Weights that one rank alone holds, over those of all layers. */
  private static double splitPercent(AxisSplit split) {
    long alone = 0;
    long most = 0;
    for (int rank = 0; rank < split.ranks(); rank++) {
      alone += split.rankWeights(rank) - split.duplicatedWeights(rank);
      most = Math.max(most, split.duplicatedWeights(rank));
    }
    return split.ranks() == 1 ? 0 : 100.0 * alone / (alone + most);
  }

  private static Metric one(String unit, double value) {
    return new Metric(unit, List.of(List.of(value)));
  }

  private static Metric time(List<Trial.Sample> samples, ToDoubleFunction<Trial.Sample> ns) {
    return new Metric(Metric.TIME_UNIT, micros(samples, ns).samples());
  }

  private static Metric micros(List<Trial.Sample> samples, ToDoubleFunction<Trial.Sample> ns) {
    return new Metric(
        US, List.of(samples.stream().map(s -> ns.applyAsDouble(s) / NS_PER_US).toList()));
  }
}
