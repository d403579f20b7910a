package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A row of a linear split by tensor parallelism, its parameters read.
 *
 * @param linear which matrix of the layer, for example {@code gate_up}
 * @param tp ranks the linear is split over
 * @param tokens rows of the activation
 * @param allReduce the algorithm that sums the ranks' results, empty without one
 * @param view what else was varied, for example {@code vector, cold weights}
 */
record Shard(
    Row row, String model, String linear, int tp, int tokens, String allReduce, String view) {
  /** In the order a layer uses them; any other linear comes after, by name. */
  private static final List<String> LAYER =
      List.of("qkv", "o", "gate_up", "down", "expert_gate_up", "expert_down", "lm_head");

  static final Comparator<String> BY_LAYER =
      Comparator.<String>comparingInt(name -> LAYER.contains(name) ? LAYER.indexOf(name) : 99)
          .thenComparing(Comparator.naturalOrder());

  private static final Comparator<Shard> ORDER =
      Comparator.comparing(Shard::linear, BY_LAYER)
          .thenComparing(Shard::tokens)
          .thenComparing(Shard::tp)
          .thenComparing(Shard::allReduce);

  /** The good rows of a benchmark whose parameters say what they are, by linear, tokens, degree. */
  static List<Shard> of(Run run, String benchmark) {
    return Rows.good(run).stream()
        .filter(row -> row.benchmark().equals(benchmark))
        .map(Shard::of)
        .filter(Objects::nonNull)
        .sorted(ORDER)
        .toList();
  }

  /** What this row varies besides model, degree and tokens: rows of one line agree in it. */
  boolean sameWork(Shard other) {
    return model.equals(other.model)
        && linear.equals(other.linear)
        && tokens == other.tokens
        && view.equals(other.view);
  }

  double timeUs() {
    return row.figures().timeUs();
  }

  /** Median of a phase in microseconds, 0 where it was not measured. */
  double phaseUs(String metric) {
    return Rows.forks(row, metric).map(forks -> Math.max(0, forks.median())).orElse(0.0);
  }

  private static Shard of(Row row) {
    Map<String, String> parameters = row.parameters();
    String model = parameters.get(Names.MODEL);
    String linear = parameters.get(Names.LINEAR);
    int tp = Rows.positive(parameters.get(Names.TP));
    int tokens = Rows.positive(parameters.get(Names.TOKENS));
    if (model == null || linear == null || tp == 0 || tokens == 0) {
      return null;
    }
    String weights = parameters.get(Names.WEIGHTS);
    String view =
        Stream.of(parameters.get(Names.VARIANT), weights == null ? null : weights + " weights")
            .filter(Objects::nonNull)
            .collect(Collectors.joining(", "));
    String allReduce = parameters.getOrDefault(Names.ALL_REDUCE, "");
    return new Shard(row, model, linear, tp, tokens, allReduce, view);
  }
}
