package dev.shardmark.results.claims;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Rows and facts made up for rules. */
public final class HandMade {
  private static final List<Check> PASSED = List.of(new Check("toy", 0.5));

  private HandMade() {}

  /** A row that took as long, once in each fork; parameters in the form {@code a=1 b=2}. */
  public static Row row(String benchmark, String parameters, Double... us) {
    return row(benchmark, parameters, new TreeMap<>(), PASSED, us);
  }

  /** The same with more samples of its forks, by name. */
  static Row row(
      String benchmark,
      String parameters,
      Map<String, Metric> metrics,
      List<Check> checks,
      Double... us) {
    Metric time = new Metric(Metric.TIME_UNIT, Stream.of(us).map(List::of).toList());
    Workload work = new Workload(1_000_000, 100_000, "DRAM", 1, 512);
    return new Row(
        benchmark,
        parameters(parameters),
        Label.MEASURED,
        null,
        new Settings(us.length, 1, 1, 1, List.of()),
        work,
        time,
        new TreeMap<>(metrics),
        checks,
        FigureCalculator.figures(time, work, Roofline.of(List.of())));
  }

  static Row failed(String benchmark, String parameters) {
    return new Row(
        benchmark,
        parameters(parameters),
        Label.MEASURED,
        "out of paper",
        new Settings(1, 1, 1, 1, List.of()),
        null,
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }

  static Metric metric(String unit, Double... forks) {
    return new Metric(unit, Stream.of(forks).map(List::of).toList());
  }

  static Fact fact(String source, String parameters, double value) {
    return new Fact(source, parameters(parameters), value, "", Label.MODELLED);
  }

  public static Run run(Row... rows) {
    Fingerprint nothing =
        new Fingerprint(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Request request = new Request("sweep", null, new TreeMap<>(), rows.length);
    Run run = Run.started("id", Instant.EPOCH, request, nothing);
    for (Row row : rows) {
      run = run.plus(row);
    }
    return run;
  }

  static Claim claim(Rule rule) {
    return new Claim("C01", "toys", "a toy", "play", "fun", Label.MEASURED, rule);
  }

  static Decision decide(Rule rule, Sources sources) {
    return rule.decide(claim(rule), sources);
  }

  private static SortedMap<String, String> parameters(String parameters) {
    SortedMap<String, String> named = new TreeMap<>();
    Stream.of(parameters.split(" "))
        .filter(one -> !one.isEmpty())
        .forEach(one -> named.put(one.split("=")[0], one.split("=")[1]));
    return named;
  }
}
