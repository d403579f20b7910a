package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One axis: the four answers, what a shard computes and sends, and how real ranks fare. */
final class AxisPage {
  private final SplitAxis axis;
  private final Map<String, List<AxisRow>> models;

  AxisPage(SplitAxis axis, List<AxisRow> rows) {
    this.axis = axis;
    this.models = Views.by(rows, AxisRow::model);
  }

  void write(Markup page) {
    page.open("div", "id", axis.id(), "class", "axis-page");
    page.leaf("h3", axis.title, "class", "model").leaf("p", axis.sentence);
    boolean first = true;
    for (Map.Entry<String, List<AxisRow>> model : models.entrySet()) {
      if (first) {
        page.leaf("p", model.getKey(), "class", "view");
        model(page, model.getValue());
      } else {
        page.open("details").leaf("summary", "Also measured: " + model.getKey());
        model(page, model.getValue());
        page.close();
      }
      first = false;
    }
    page.close();
  }

  private void model(Markup page, List<AxisRow> rows) {
    List<AxisRow> alone = rows.stream().filter(AxisRow::alone).toList();
    List<AxisRow> real = rows.stream().filter(row -> !row.alone()).toList();
    List<Integer> tokens = Views.distinct(rows, AxisRow::tokens);
    new FourAnswers(axis, rows).write(page);
    legend(page, tokens, real);
    if (!alone.isEmpty()) {
      new AxisFigure(AxisMeasure.INTENSITY, panels(tokens, alone, List.of()))
          .write(page, trend(AxisMeasure.INTENSITY, alone));
    }
    new AxisFigure(AxisMeasure.SENT, panels(tokens, alone, real))
        .write(page, trend(AxisMeasure.SENT, alone.isEmpty() ? real : alone));
    if (!real.isEmpty()) {
      page.open("figure").open("figcaption").open("h4");
      page.text("Compute against communication and waiting");
      AxisFigure.labels(page, real);
      page.close().leaf("p", fastest(real)).close();
      new AxisBars(real).write(page);
      page.close();
    }
    page.open("details").leaf("summary", "Times, intensity, speed-up and bytes as a table");
    new AxisTable(rows).write(page);
    page.close();
  }

  private static void legend(Markup page, List<Integer> tokens, List<AxisRow> real) {
    Legend legend = new Legend(page);
    for (int i = 0; i < tokens.size(); i++) {
      legend.point(Marker.of(i), Shade.of(i, tokens.size()), Numbers.count(tokens.get(i), "token"));
    }
    if (real.stream().anyMatch(AxisMeasure.SENT::draws)) {
      legend.point(Marker.CIRCLE, "hollow", "hollow: counted by real ranks");
    }
    legend.close();
  }

  /** A plot for each phase and way; in it a line for each number of tokens. */
  private static Map<String, List<AxisFigure.Series>> panels(
      List<Integer> tokens, List<AxisRow> alone, List<AxisRow> real) {
    Map<String, List<AxisFigure.Series>> panels = new LinkedHashMap<>();
    series(panels, alone, tokens, "");
    series(panels, real, tokens, " hollow");
    return panels;
  }

  private static void series(
      Map<String, List<AxisFigure.Series>> panels,
      List<AxisRow> rows,
      List<Integer> tokens,
      String css) {
    Views.by(rows, AxisRow::panel)
        .forEach(
            (name, panel) ->
                Views.by(panel, AxisRow::tokens)
                    .forEach(
                        (n, line) -> {
                          int index = tokens.indexOf(n);
                          panels
                              .computeIfAbsent(name, k -> new ArrayList<>())
                              .add(
                                  new AxisFigure.Series(
                                      Shade.of(index, tokens.size()) + css,
                                      Marker.of(index),
                                      1,
                                      line));
                        }));
  }

  /** How the value of the most tokens changes from the least degree to the highest. */
  private static String trend(AxisMeasure measure, List<AxisRow> rows) {
    List<AxisRow> drawn = rows.stream().filter(measure::draws).toList();
    if (drawn.isEmpty()) {
      return measure.nothing;
    }
    int tokens = Views.distinct(drawn, AxisRow::tokens).getLast();
    List<AxisRow> most = drawn.stream().filter(row -> row.tokens() == tokens).toList();
    String panel = most.getFirst().panel();
    List<AxisRow> line = most.stream().filter(row -> row.panel().equals(panel)).toList();
    AxisRow from = line.getFirst();
    AxisRow to = line.getLast();
    String end = at(measure, to);
    return "With "
        + Numbers.count(tokens, "token")
        + " ("
        + panel
        + "): "
        + (to.degree() > from.degree() ? at(measure, from) + ", " + end : end)
        + ".";
  }

  private static String at(AxisMeasure measure, AxisRow row) {
    return measure.text(measure.of(row).orElseThrow()) + " at degree " + row.degree();
  }

  /** The speed-up of the most tokens. */
  private static String fastest(List<AxisRow> real) {
    return real.stream()
        .filter(row -> row.speedup().isPresent())
        .max(
            Comparator.comparing(AxisRow::tokens)
                .thenComparingDouble(row -> row.speedup().getAsDouble()))
        .map(
            row ->
                Numbers.count(row.degree(), "rank")
                    + " are "
                    + Numbers.times(row.speedup().getAsDouble())
                    + " as fast as one with "
                    + Numbers.count(row.tokens(), "token")
                    + " ("
                    + row.panel()
                    + ", "
                    + row.transport()
                    + "). Phases are the slowest rank’s.")
        .orElse("Without a step on one rank to compare with. Phases are the slowest rank’s.");
  }
}
