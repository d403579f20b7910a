package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The axes of one model and phase side by side.
 *
 * @param name the model and the phase
 * @param axes rows by axis; of several ways to split along it, the one that real ranks ran fastest
 */
record AxesBeside(String name, Map<SplitAxis, List<AxisRow>> axes) {
  static final String ID = "axes-beside";
  private static final int RANKS = 2;

  /** How far the points of an axis are set aside from those of the one before. */
  private static final double ASIDE = 1.06;

  private static final List<String> COLUMNS =
      List.of("Intensity", "Sent", "Time of the shard", "Duplicated", "Speed-up");

  /** Every model and phase that was split along two axes or more. */
  static List<AxesBeside> of(List<AxisRow> rows) {
    List<AxesBeside> all = new ArrayList<>();
    Views.by(rows, row -> row.model() + ", " + row.phase())
        .forEach(
            (name, same) -> {
              Map<SplitAxis, List<AxisRow>> axes = new LinkedHashMap<>();
              Views.by(same, AxisRow::axis).forEach((axis, of) -> axes.put(axis, bestWay(of)));
              if (axes.size() > 1) {
                all.add(new AxesBeside(name, axes));
              }
            });
    return all;
  }

  private static List<AxisRow> bestWay(List<AxisRow> axis) {
    return Views.by(axis, AxisRow::way).values().stream()
        .max(
            Comparator.<List<AxisRow>, Boolean>comparing(
                    way -> way.stream().anyMatch(AxisRow::alone))
                .thenComparingDouble(AxesBeside::bestSpeedup))
        .orElseThrow();
  }

  private static double bestSpeedup(List<AxisRow> way) {
    return way.stream().mapToDouble(row -> row.speedup().orElse(0)).max().orElse(0);
  }

  void write(Markup page) {
    Legend legend = new Legend(page);
    axes.forEach((axis, rows) -> legend.point(axis.marker(), axis.css(), name(axis)));
    legend.close();
    for (AxisMeasure measure : AxisMeasure.values()) {
      new AxisFigure(measure, panels()).write(page, sentence(measure));
    }
    page.open("figure").open("figcaption").open("h4");
    page.text("Side by side at " + Numbers.count(RANKS, "rank"));
    AxisFigure.labels(page, rows());
    page.close().leaf("p", sentence().orElse("No step of real ranks was compared with one rank."));
    page.close();
    table(page);
    page.close();
  }

  /** For example {@code expert (dropless)}. */
  private String name(SplitAxis axis) {
    String way = axes.get(axis).getFirst().way();
    return axis.title + (way.isEmpty() ? "" : " (" + way + ")");
  }

  /** A plot for each number of tokens; in it a line for each axis. */
  private Map<String, List<AxisFigure.Series>> panels() {
    Map<String, List<AxisFigure.Series>> panels = new LinkedHashMap<>();
    for (int n : Views.distinct(rows(), AxisRow::tokens)) {
      List<AxisFigure.Series> lines = new ArrayList<>();
      for (SplitAxis axis : axes.keySet()) {
        double aside = Math.pow(ASIDE, lines.size() - (axes.size() - 1) / 2.0);
        List<AxisRow> line =
            axes.get(axis).stream().filter(row -> row.alone() && row.tokens() == n).toList();
        lines.add(new AxisFigure.Series(axis.css(), axis.marker(), aside, line));
      }
      panels.put(Numbers.count(n, "token"), lines);
    }
    return panels;
  }

  private List<AxisRow> rows() {
    return axes.values().stream().flatMap(List::stream).toList();
  }

  /** The values of the most tokens at the highest degree. */
  private String sentence(AxisMeasure measure) {
    List<AxisRow> alone =
        rows().stream().filter(row -> row.alone() && measure.of(row).isPresent()).toList();
    if (alone.isEmpty()) {
      return measure.nothing;
    }
    int tokens = Views.distinct(alone, AxisRow::tokens).getLast();
    int degree = Views.distinct(alone, AxisRow::degree).getLast();
    return alone.stream()
        .filter(row -> row.tokens() == tokens && row.degree() == degree)
        .map(row -> row.axis().title + " " + measure.text(measure.of(row).orElseThrow()))
        .collect(
            Collectors.joining(
                ", ",
                "At degree " + degree + " with " + Numbers.count(tokens, "token") + ": ",
                "."));
  }

  /** How fast two ranks are along each axis, with the most tokens; empty without such rows. */
  Optional<String> sentence() {
    List<AxisRow> real = rows().stream().filter(AxesBeside::compares).toList();
    if (real.isEmpty()) {
      return Optional.empty();
    }
    int tokens = Views.distinct(real, AxisRow::tokens).getLast();
    return Optional.of(
        axes.keySet().stream()
            .map(axis -> fastest(axis, tokens))
            .flatMap(Optional::stream)
            .sorted(
                Comparator.comparingDouble((AxisRow row) -> row.speedup().getAsDouble()).reversed())
            .map(row -> name(row.axis()) + " " + Numbers.times(row.speedup().getAsDouble()))
            .collect(
                Collectors.joining(
                    ", ",
                    "Speed-up of "
                        + Numbers.count(RANKS, "rank")
                        + " with "
                        + Numbers.count(tokens, "token")
                        + ": ",
                    ".")));
  }

  /** Whether it says how fast two ranks are. */
  private static boolean compares(AxisRow row) {
    return !row.alone() && row.degree() == RANKS && row.speedup().isPresent();
  }

  /** The fastest step of two ranks, by whatever transport. */
  private Optional<AxisRow> fastest(SplitAxis axis, int tokens) {
    return axes.get(axis).stream()
        .filter(row -> compares(row) && row.tokens() == tokens)
        .max(Comparator.comparingDouble(row -> row.speedup().getAsDouble()));
  }

  private void table(Markup page) {
    page.open(
        "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Side by side");
    page.open("table", "class", "split");
    page.leaf("caption", "A full bar is " + Numbers.tick(RANKS) + "×");
    page.open("thead").open("tr");
    List.of("Tokens", "Axis").forEach(name -> page.leaf("th", name, "scope", "col"));
    COLUMNS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.leaf("td", "").close().close();
    for (int n : Views.distinct(rows(), AxisRow::tokens)) {
      page.open("tbody");
      for (SplitAxis axis : axes.keySet()) {
        axes.get(axis).stream()
            .filter(row -> row.alone() && row.degree() == RANKS && row.tokens() == n)
            .findFirst()
            .ifPresent(row -> row(page, row, fastest(axis, n)));
      }
      page.close();
    }
    page.close().close();
  }

  private void row(Markup page, AxisRow shard, Optional<AxisRow> real) {
    page.open("tr").leaf("td", Numbers.tick(shard.tokens()));
    page.leaf("th", name(shard.axis()), "scope", "row");
    for (AxisMeasure measure : AxisMeasure.values()) {
      cell(page, measure, measure.of(shard));
    }
    cell(page, AxisMeasure.SENT, shard.metric(Names.DUPLICATED_BYTES));
    double speedup = real.map(row -> row.speedup().getAsDouble()).orElse(0.0);
    page.leaf("td", real.isEmpty() ? "–" : Numbers.times(speedup), "class", "n");
    Bar.write(page, speedup / RANKS, "compute");
    page.close();
  }

  private static void cell(Markup page, AxisMeasure measure, OptionalDouble value) {
    page.leaf("td", value.isPresent() ? measure.text(value.getAsDouble()) : "–", "class", "n");
  }
}
