package dev.shardmark.results.format;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * One benchmark with one set of parameters.
 *
 * @param benchmark class and method, for example {@code GemmBenchmark.multiply}
 * @param parameters parameter values by name
 * @param label where the figures come from
 * @param failure one sentence that says why there are no figures, null for a good row
 * @param settings how it was timed
 * @param work what one operation does at least, null where the question does not arise
 * @param time samples, microseconds per operation; null in a failed row
 * @param metrics further samples by name: phases of the operation, allocated bytes
 * @param checks what every fork verified before it was timed
 * @param figures what the samples come to; null in a failed row
 * @throws IllegalArgumentException if there are figures and a failure, or neither
 */
public record Row(
    String benchmark,
    SortedMap<String, String> parameters,
    Label label,
    String failure,
    Settings settings,
    Workload work,
    Metric time,
    SortedMap<String, Metric> metrics,
    List<Check> checks,
    Figures figures) {
  public Row {
    Objects.requireNonNull(benchmark, "benchmark");
    parameters = SortedCopy.of(parameters, "parameters");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(settings, "settings");
    metrics = SortedCopy.of(metrics, "metrics");
    Objects.requireNonNull(checks, "checks");
    checks = List.copyOf(checks);
    boolean ok = failure == null;
    if ((time != null) != ok || (figures != null) != ok) {
      throw new IllegalArgumentException(
          "a row has either time and figures or a failure: row=" + name(benchmark, parameters));
    }
  }

  /** Benchmark and parameters: what makes a row the same row in another run. */
  public String name() {
    return name(benchmark, parameters);
  }

  /** The name of a row, for example {@code GemmBenchmark.multiply shape=1x5x3 variant=vector}. */
  public static String name(String benchmark, SortedMap<String, String> parameters) {
    StringBuilder name = new StringBuilder(benchmark);
    parameters.forEach((key, value) -> name.append(' ').append(key).append('=').append(value));
    return name.toString();
  }

  /** Whether the row has figures. */
  public boolean ok() {
    return failure == null;
  }
}
