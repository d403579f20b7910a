package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of a layer split along one axis, its parameters read.
 *
 * @param phase {@code prefill} or {@code decode}
 * @param way how the axis does it, and whatever else was varied
 * @param transport {@code alone} for one rank's shard, else what carries its messages
 * @param degree ranks of the axis
 * @param tokens new tokens of a step, of all ranks together
 */
record AxisRow(
    Row row,
    SplitAxis axis,
    String model,
    String phase,
    String way,
    String transport,
    int degree,
    int tokens) {
  private static final Set<String> READ =
      Set.of(Names.MODEL, Names.PHASE, Names.SCHEME, Names.TRANSPORT, Names.DEGREE, Names.TOKENS);

  /** Axes in their order, prefill before decode, the way that was measured first first. */
  private static final Comparator<AxisRow> ORDER =
      Comparator.comparing(AxisRow::axis)
          .thenComparing(row -> !row.phase.equals(Names.PREFILL))
          .thenComparing(AxisRow::phase)
          .thenComparing(AxisRow::tokens)
          .thenComparing(AxisRow::degree);

  /** The good rows whose parameters say what they are. */
  static List<AxisRow> of(Run run) {
    return Rows.good(run).stream().map(AxisRow::of).filter(Objects::nonNull).sorted(ORDER).toList();
  }

  private static AxisRow of(Row row) {
    Map<String, String> parameters = row.parameters();
    SplitAxis axis = SplitAxis.of(row.benchmark()).orElse(null);
    String model = parameters.get(Names.MODEL);
    String phase = parameters.get(Names.PHASE);
    String transport = parameters.get(Names.TRANSPORT);
    int degree = Rows.positive(parameters.get(Names.DEGREE));
    int tokens = Rows.positive(parameters.get(Names.TOKENS));
    if (axis == null
        || Stream.of(model, phase, transport).anyMatch(Objects::isNull)
        || degree == 0
        || tokens == 0) {
      return null;
    }
    return new AxisRow(row, axis, model, phase, way(parameters), transport, degree, tokens);
  }

  private static String way(Map<String, String> parameters) {
    Map<String, String> others = new TreeMap<>(parameters);
    others.keySet().removeAll(READ);
    return Stream.of(parameters.getOrDefault(Names.SCHEME, ""), Rows.parameters(others))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /** Whether it is one rank's shard without the others. */
  boolean alone() {
    return transport.equals(Names.ALONE);
  }

  /** For example {@code prefill, zigzag}. */
  String panel() {
    return way.isEmpty() ? phase : phase + ", " + way;
  }

  /** Whether the other splits the same step in the same way. */
  boolean sameStep(AxisRow other) {
    return axis == other.axis
        && model.equals(other.model)
        && panel().equals(other.panel())
        && degree == other.degree
        && tokens == other.tokens;
  }

  double timeUs() {
    return row.figures().timeUs();
  }

  /** The value of a metric, empty where the row has none or it is below 0. */
  OptionalDouble metric(String name) {
    return Rows.forks(row, name).stream()
        .mapToDouble(forks -> forks.median())
        .filter(value -> value >= 0)
        .findFirst();
  }

  /** How many times as fast as one rank, empty for one rank. */
  OptionalDouble speedup() {
    OptionalDouble speedup = metric(Names.SPEEDUP);
    return degree > 1 && speedup.orElse(0) > 0 ? speedup : OptionalDouble.empty();
  }
}
