package dev.shardmark.jmh.run;

import com.sun.management.OperatingSystemMXBean;
import dev.shardmark.jmh.ForkFlags;
import dev.shardmark.jmh.TrialFacts;
import dev.shardmark.jmh.TrialFactsProfiler;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures one planned row in JMH's forks. */
final class RowRunner {
  private static final String PACKAGE = "dev.shardmark.jmh.";
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  /** Of the container, if this is one. */
  private static final long MEMORY_BYTES =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();

  private final JmhLog log;

  RowRunner(JmhLog log) {
    this.log = log;
  }

  /** The row; one with a failure and no figures if a fork failed or nothing was checked. */
  Row run(PlannedRow planned, Plan plan, Roofline roofline) {
    Settings settings = plan.settings(planned, ForkFlags.heap(planned.heapBytes()));
    if (planned.heapBytes() > MEMORY_BYTES) { // or the system kills it, or something else
      return failed(
          planned,
          settings,
          "the row needs more memory than this machine has: heapBytes="
              + planned.heapBytes()
              + " memoryBytes="
              + MEMORY_BYTES);
    }
    Collection<RunResult> results;
    try {
      log.startRow(planned.name());
      results = new Runner(options(planned, settings), log.format()).run();
    } catch (RunnerException e) {
      return failed(planned, settings, "JMH refused the row: " + e.getMessage());
    }
    if (results.size() != 1) {
      return failed(planned, settings, log.failure());
    }
    return row(planned, settings, results.iterator().next(), roofline);
  }

  private static org.openjdk.jmh.runner.options.Options options(
      PlannedRow planned, Settings settings) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(PACKAGE + planned.benchmark()) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.MICROSECONDS)
            .forks(settings.forks())
            .warmupIterations(settings.warmups())
            .warmupTime(TimeValue.milliseconds(settings.iterationMs()))
            .measurementIterations(settings.iterations())
            .measurementTime(TimeValue.milliseconds(settings.iterationMs()))
            .jvmArgs(settings.jvmFlags().toArray(String[]::new))
            .shouldFailOnError(false)
            .addProfiler(TrialFactsProfiler.class)
            .addProfiler(GCProfiler.class);
    planned.parameters().forEach((name, value) -> options.param(name, value));
    return options.build();
  }

  private static Row row(
      PlannedRow planned, Settings settings, RunResult result, Roofline roofline) {
    Metric time = new Metric(Metric.TIME_UNIT, samples(result, r -> r.getPrimaryResult()));
    SortedMap<String, Metric> metrics = new TreeMap<>();
    List<Check> checks = new ArrayList<>();
    for (String name : result.getSecondaryResults().keySet()) {
      if (name.startsWith(TrialFacts.CHECK)) {
        List<List<Double>> worst = samples(result, r -> r.getSecondaryResults().get(name));
        double largest =
            worst.stream().flatMap(List::stream).mapToDouble(d -> d).max().orElse(Double.NaN);
        checks.add(new Check(name.substring(TrialFacts.CHECK.length()), largest));
      } else if (name.startsWith(TrialFacts.PHASE)) {
        metrics.put(
            name.substring(TrialFacts.PHASE.length()),
            new Metric(Metric.TIME_UNIT, samples(result, r -> r.getSecondaryResults().get(name))));
      } else if (name.startsWith(TrialFacts.FLOP)) {
        metrics.put(
            name, new Metric("flop/op", samples(result, r -> r.getSecondaryResults().get(name))));
      } else if (name.endsWith(ALLOCATION)) {
        metrics.put(
            "allocated",
            new Metric("B/op", samples(result, r -> r.getSecondaryResults().get(name))));
      }
    }
    if (checks.isEmpty()) {
      return failed(planned, settings, "no fork checked its result");
    }
    return new Row(
        planned.benchmark(),
        planned.parameters(),
        planned.label(),
        null,
        settings,
        planned.work(),
        time,
        metrics,
        checks,
        FigureCalculator.figures(time, planned.work(), roofline));
  }

  private static List<List<Double>> samples(
      RunResult result, Function<IterationResult, Result<?>> which) {
    List<List<Double>> forks = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      List<Double> iterations = new ArrayList<>();
      for (IterationResult iteration : fork.getIterationResults()) {
        Result<?> found = which.apply(iteration);
        if (found != null && Double.isFinite(found.getScore())) {
          iterations.add(found.getScore());
        }
      }
      forks.add(iterations);
    }
    return forks;
  }

  private static Row failed(PlannedRow planned, Settings settings, String failure) {
    return new Row(
        planned.benchmark(),
        planned.parameters(),
        planned.label(),
        failure,
        settings,
        planned.work(),
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }
}
