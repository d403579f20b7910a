package dev.shardmark.results.report;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the run says in a few sentences, from its numbers. */
final class Findings {
  /**
   * One of them.
   *
   * @param lead what it is about
   */
  record Finding(String lead, String sentence) {}

  /** Models, and sweeps, that get sentences of their own; more would bury the rest. */
  private static final int MODELS = 2;

  /** The widest linear of a layer, which speaks for it. */
  private static final String WIDEST = "gate_up";

  private final Run run;

  Findings(Run run) {
    this.run = run;
  }

  List<Finding> list() {
    List<Finding> findings = new ArrayList<>();
    Views.main(Shard.of(run, Names.SHARD)).stream()
        .limit(MODELS)
        .forEach(view -> shard(view, findings));
    Views.main(Shard.of(run, Names.RANKS)).stream()
        .limit(MODELS)
        .forEach(view -> ranks(view, findings));
    AxesBeside.of(AxisRow.of(run)).stream()
        .limit(MODELS)
        .forEach(
            beside ->
                beside
                    .sentence()
                    .ifPresent(sentence -> findings.add(new Finding(beside.name(), sentence))));
    SweepView.of(run).stream()
        .filter(SweepView::isInPlace)
        .limit(MODELS)
        .forEach(view -> findings.add(new Finding(view.name(), view.sentence())));
    new PeerSummary(Alternatives.of(run))
        .libraries()
        .ifPresent(sentence -> findings.add(new Finding("Kernels against peers", sentence)));
    roofShares(findings);
    return findings;
  }

  private static void shard(List<Shard> view, List<Finding> findings) {
    String linear =
        view.stream()
            .map(Shard::linear)
            .filter(WIDEST::equals)
            .findFirst()
            .orElse(view.getFirst().linear());
    List<Shard> rows = view.stream().filter(s -> s.linear().equals(linear)).toList();
    int tp = Views.distinct(rows, Shard::tp).getLast();
    List<Shard> widest = rows.stream().filter(s -> s.tp() == tp).toList();
    List<Shard> ends =
        Stream.of(widest.getFirst(), widest.getLast())
            .distinct()
            .filter(s -> s.row().figures().bound() != null)
            .filter(s -> s.row().figures().roofPercent() != null)
            .toList();
    if (!ends.isEmpty()) {
      String subject = ", TP" + tp + " leaves the shard of " + linear + " ";
      String sentence = "At " + tokens(ends.getFirst()) + subject + rate(ends.getFirst());
      String other =
          ends.size() == 1 ? "" : " At " + tokens(ends.get(1)) + " it is " + rate(ends.get(1));
      findings.add(new Finding(view.getFirst().model(), sentence + other));
    }
  }

  private static String tokens(Shard shard) {
    return Numbers.count(shard.tokens(), "token");
  }

  /** For example {@code bandwidth-bound: 24.0 GB/s, 95 % of the roof.} */
  private static String rate(Shard shard) {
    Figures f = shard.row().figures();
    return f.bound()
        + "-bound: "
        + Rows.rate(f, f.bound())
        + ", "
        + Numbers.percent(f.roofPercent())
        + " of the roof.";
  }

  private void ranks(List<Shard> view, List<Finding> findings) {
    List<Layer> layers = Layer.of(view, new Baselines(run));
    if (!layers.isEmpty()) {
      Layer most = layers.getLast();
      String fewest =
          layers.stream()
              .filter(layer -> layer.tokens() < most.tokens() && layer.tp() == most.tp())
              .filter(layer -> layer.parts().equals(most.parts()))
              .findFirst()
              .map(layer -> " " + layer.brief())
              .orElse("");
      findings.add(new Finding(view.getFirst().model() + ", real ranks", most.sentence() + fewest));
    }
  }

  private void roofShares(List<Finding> findings) {
    List<Row> rows =
        Rows.kernels(run).stream()
            .filter(row -> Alternatives.Yardstick.of(row) == Alternatives.Yardstick.OWN)
            .filter(row -> row.figures().roofPercent() != null && !Rows.aboveRoof(row))
            .sorted(Comparator.comparingDouble(row -> row.figures().roofPercent()))
            .toList();
    if (rows.size() > 1) {
      findings.add(new Finding("Nearest its roof", share(rows.getLast())));
      findings.add(new Finding("Furthest from it", share(rows.getFirst())));
    }
  }

  private static String share(Row row) {
    return Numbers.percent(row.figures().roofPercent()) + ": " + row.name() + ".";
  }

  /** Rows whose figures should not be trusted, empty without any. */
  String doubts() {
    List<String> doubts = new ArrayList<>();
    doubt(doubts, run.rows().stream().filter(Rows::aboveRoof).count(), "above the roof");
    doubt(
        doubts,
        run.rows().stream().filter(Rows::collapsed).count(),
        "with a fork over twice as slow as the best");
    doubt(doubts, Rows.good(run).stream().filter(Rows::unchecked).count(), "not verified");
    return doubts.isEmpty()
        ? ""
        : "To doubt, and flagged among all rows: " + String.join("; ", doubts) + ".";
  }

  private static void doubt(List<String> doubts, long count, String what) {
    if (count > 0) {
      doubts.add(Numbers.count(count, "row") + " " + what);
    }
  }
}
