package dev.shardmark.results.claims;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Workload;
import dev.shardmark.results.unit.ForkMedians;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * What rules call the values of a row: the one place that knows both the names of rules and those
 * of rows.
 *
 * <p>{@code time} and its parts are in microseconds, whatever the row has them in. {@code a/b} is a
 * quotient within the row, fork by fork; {@code a*} is the sum of all metrics whose name begins
 * with {@code a}. Any other name is that of a metric.
 */
final class RowValues {
  static final String TIME = "time";

  /** Metrics that a name of rules may stand for, the first that a row has. */
  private static final Map<String, List<String>> METRICS =
      Map.of(
          "compute", List.of("compute", "computeNs"),
          "communication", List.of("communication", "communicationNs"),
          "wait", List.of("wait", "waiting", "waitingNs"));

  /** Microseconds of units of time, without what they are per. */
  private static final Map<String, Double> MICROSECONDS =
      Map.of("ns", 1e-3, "us", 1.0, "ms", 1e3, "s", 1e6);

  private final Row row;

  /** Of a row that did not fail. */
  RowValues(Row row) {
    this.row = row;
  }

  /** One value a fork; empty if the row does not have it. */
  List<Double> forks(String value) {
    int slash = value.indexOf('/');
    if (slash >= 0) {
      return each(
          forks(value.substring(0, slash)), forks(value.substring(slash + 1)), (a, b) -> a / b);
    }
    if (value.endsWith("*")) {
      return sum(value.substring(0, value.length() - 1));
    }
    for (String metric : METRICS.getOrDefault(value, List.of(value))) {
      if (row.metrics().containsKey(metric)) {
        return forks(row.metrics().get(metric));
      }
    }
    return own(value);
  }

  private List<Double> own(String value) {
    Workload work = row.work();
    List<Double> us = forks(row.time());
    return switch (value) {
      case TIME -> us;
      case "flop" -> work == null ? List.of() : same((double) work.flop());
      case "bytes" -> work == null ? List.of() : same((double) work.bytes());
      case "sentBytes" -> work == null ? List.of() : same((double) work.sentBytes());
      case "gflops" -> each(forks("flop"), us, (flop, t) -> flop / (1e3 * t));
      case "gbs" -> each(forks("bytes"), us, (bytes, t) -> bytes / (1e3 * t));
      case "intensity" -> forks("flop/bytes");
      case "roofPercent" -> same(row.figures().roofPercent());
      case "computeBound" -> bound(Figures.COMPUTE);
      case "bandwidthBound" -> bound(Figures.BANDWIDTH);
      default -> List.of();
    };
  }

  /** 1 if this roof applies, 0 if another does. */
  private List<Double> bound(String roof) {
    String applies = row.figures().bound();
    return same(applies == null ? null : applies.equals(roof) ? 1.0 : 0.0);
  }

  private List<Double> same(Double value) {
    return value == null ? List.of() : Collections.nCopies(forks(row.time()).size(), value);
  }

  private List<Double> sum(String prefix) {
    List<Double> sum = List.of();
    for (Map.Entry<String, Metric> metric : row.metrics().entrySet()) {
      if (metric.getKey().startsWith(prefix)) {
        List<Double> forks = forks(metric.getValue());
        sum = sum.isEmpty() ? forks : each(sum, forks, Double::sum);
      }
    }
    return sum;
  }

  private static List<Double> forks(Metric metric) {
    if (metric.samples().isEmpty() || metric.samples().stream().anyMatch(List::isEmpty)) {
      return List.of();
    }
    String unit = metric.unit().split("/")[0];
    double factor = MICROSECONDS.getOrDefault(unit, 1.0);
    return ForkMedians.of(metric).values().stream().map(value -> factor * value).toList();
  }

  /** Empty where the two are not of the same forks. */
  private static List<Double> each(List<Double> a, List<Double> b, DoubleBinaryOperator operator) {
    List<Double> results = new ArrayList<>();
    for (int i = 0; i < a.size() && a.size() == b.size(); i++) {
      results.add(operator.applyAsDouble(a.get(i), b.get(i)));
    }
    return results;
  }
}
