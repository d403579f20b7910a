package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The linears of one model measured over the same ranks, tokens and algorithm, added up. */
record Layer(List<Shard> linears, Baselines baselines) {
  /**
   * The layers of a view over more than one rank; of algorithms, the fastest. In order of tokens,
   * then degree.
   */
  static List<Layer> of(List<Shard> view, Baselines baselines) {
    List<Layer> layers = new ArrayList<>();
    List<Shard> split = view.stream().filter(shard -> shard.tp() > 1).toList();
    for (int tokens : Views.distinct(split, Shard::tokens)) {
      for (int tp : Views.distinct(split, Shard::tp)) {
        List<Shard> rows =
            split.stream().filter(s -> s.tokens() == tokens && s.tp() == tp).toList();
        long linears = rows.stream().map(Shard::linear).distinct().count();
        Views.by(rows, Shard::allReduce).values().stream()
            .filter(layer -> layer.size() == linears)
            .map(layer -> new Layer(layer, baselines))
            .min(Comparator.comparingDouble(Layer::timeUs))
            .ifPresent(layers::add);
      }
    }
    return layers;
  }

  int tp() {
    return linears.getFirst().tp();
  }

  int tokens() {
    return linears.getFirst().tokens();
  }

  double timeUs() {
    return linears.stream().mapToDouble(Shard::timeUs).sum();
  }

  /** Part of the time a phase takes. */
  double percent(String metric) {
    return 100 * linears.stream().mapToDouble(s -> s.phaseUs(metric)).sum() / timeUs();
  }

  /** How many times as fast as unsplit; empty unless every linear was measured unsplit. */
  Optional<Double> speedup() {
    List<Double> unsplit =
        linears.stream().flatMap(shard -> baselines.of(shard).stream()).map(Shard::timeUs).toList();
    return unsplit.size() == linears.size()
        ? Optional.of(unsplit.stream().mapToDouble(us -> us).sum() / timeUs())
        : Optional.empty();
  }

  /** For example {@code o + down}. */
  String parts() {
    return linears.stream().map(Shard::linear).collect(Collectors.joining(" + "));
  }

  /** For example {@code TP2 against TP1, o + down}. */
  String name() {
    return "TP" + tp() + " against TP1, " + parts();
  }

  /** For example {@code 1.94× as fast at 512 tokens (all-reduce 4.2 %)}. */
  String summary() {
    String speedup = speedup().map(s -> Numbers.times(s) + " as fast ").orElse("");
    return speedup + "at " + at() + " (all-reduce " + cost() + ")";
  }

  /**
   * For example {@code The ring all-reduce costs 4.2 % of the TP2 layer (o + down) at 512 tokens}.
   */
  String sentence() {
    String algorithm = linears.getFirst().allReduce();
    return "The "
        + (algorithm.isEmpty() ? "" : algorithm + " ")
        + "all-reduce costs "
        + cost()
        + " of the TP"
        + tp()
        + " layer ("
        + parts()
        + ") at "
        + at()
        + asFast()
        + ".";
  }

  /** For example {@code At 1 token it costs 0.3 %, and 2 ranks are 1.55× as fast as one}. */
  String brief() {
    return "At " + at() + " it costs " + cost() + asFast() + ".";
  }

  private String asFast() {
    return speedup()
        .map(s -> ", and " + tp() + " ranks are " + Numbers.times(s) + " as fast as one")
        .orElse("");
  }

  private String cost() {
    return Numbers.percent(percent(Names.COMMUNICATION));
  }

  private String at() {
    return Numbers.count(tokens(), "token");
  }
}
