package dev.shardmark.results.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Bars of linears over real ranks, by tokens and degree. */
final class RankBars {
  private static final List<String> COLUMNS = List.of("time", "speed-up", "all-reduce");

  private final Baselines baselines;
  private final Axis axis;

  /** Bars with one axis for all linears of a view, so that they compare. */
  RankBars(List<Shard> view, Baselines baselines) {
    this.baselines = baselines;
    this.axis = PhaseBars.axis(view.stream().map(this::stack).toList());
  }

  void write(Markup to, List<Shard> linear, String label) {
    Map<String, List<PhaseBars.Stack>> groups = new LinkedHashMap<>();
    Views.by(linear, Shard::tokens)
        .forEach(
            (tokens, rows) ->
                groups.put(
                    Numbers.count(tokens, "token"), rows.stream().map(this::stack).toList()));
    new PhaseBars(groups, COLUMNS, axis).write(to, label);
  }

  /** One bar; where the time unsplit was not measured, its own is 100 %. */
  private PhaseBars.Stack stack(Shard shard) {
    boolean split = shard.tp() > 1;
    Optional<Shard> baseline = baselines.of(shard);
    String speedup =
        split ? baseline.map(b -> Numbers.times(b.timeUs() / shard.timeUs())).orElse("–") : "";
    double talk = 100 * shard.phaseUs(Names.COMMUNICATION) / shard.timeUs();
    return new PhaseBars.Stack(
        "TP" + shard.tp() + (split ? " " + shard.allReduce() : ""),
        shard.row().name(),
        Stream.of(Names.COMPUTE, Names.COMMUNICATION, Names.WAIT)
            .map(phase -> new PhaseBars.Piece(phase, shard.phaseUs(phase)))
            .filter(piece -> piece.us() > 0)
            .toList(),
        shard.timeUs(),
        baseline.orElse(shard).timeUs(),
        split && baseline.isPresent() ? 100.0 / shard.tp() : Double.NaN,
        List.of(Numbers.time(shard.timeUs()), speedup, split ? Numbers.percent(talk) : ""));
  }
}
