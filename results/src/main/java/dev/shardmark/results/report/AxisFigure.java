package dev.shardmark.results.report;

import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One measure of split layers against the degree: small plots that all have the same axes. */
final class AxisFigure {
  private final AxisMeasure measure;
  private final Map<String, List<Series>> panels = new LinkedHashMap<>();

  /**
   * Rows of one colour; of those without a value there is no point.
   *
   * @param aside what their place is multiplied by, so that equal points do not hide each other
   */
  record Series(String css, Marker marker, double aside, List<AxisRow> rows) {}

  AxisFigure(AxisMeasure measure, Map<String, List<Series>> panels) {
    this.measure = measure;
    panels.forEach(
        (name, series) -> {
          List<Series> drawn = series.stream().map(this::drawn).toList();
          if (drawn.stream().anyMatch(s -> !s.rows().isEmpty())) {
            this.panels.put(name, drawn);
          }
        });
  }

  private Series drawn(Series series) {
    List<AxisRow> rows = series.rows().stream().filter(measure::draws).toList();
    return new Series(series.css(), series.marker(), series.aside(), rows);
  }

  /**
   * Writes the figure.
   *
   * @param sentence what there is to see
   */
  void write(Markup page, String sentence) {
    page.open("figure").open("figcaption").open("h4").text(measure.title);
    labels(page, rows());
    page.close().leaf("p", panels.isEmpty() ? measure.nothing : sentence).close();
    if (!panels.isEmpty()) {
      plots(page);
    }
    page.close();
  }

  /** Says where the numbers of the rows come from. */
  static void labels(Markup page, List<AxisRow> rows) {
    rows.stream()
        .map(row -> row.row().label())
        .distinct()
        .sorted(Comparator.reverseOrder()) // alone, then real ranks
        .forEach(label -> LabelTag.write(page.text(" "), label));
  }

  private List<AxisRow> rows() {
    return panels.values().stream().flatMap(List::stream).flatMap(s -> s.rows().stream()).toList();
  }

  private void plots(Markup page) {
    List<AxisRow> rows = rows();
    DoubleSummaryStatistics values =
        rows.stream().mapToDouble(row -> measure.of(row).orElseThrow()).summaryStatistics();
    Axis x = Axis.steps("degree", Views.distinct(rows, AxisRow::degree));
    Axis y = measure.axis(values.getMin(), values.getMax());
    page.open("div", "class", "panels");
    panels.forEach(
        (name, series) -> {
          page.open("div", "class", "panel").leaf("h5", name);
          List<LinePlot.Line> lines = series.stream().map(this::line).toList();
          new LinePlot(x, y, lines).write(page, measure.title + " of " + name + " over the degree");
          page.close();
        });
    page.close();
  }

  private LinePlot.Line line(Series series) {
    List<LinePlot.Point> points =
        series.rows().stream().map(row -> point(row, series.aside())).toList();
    return new LinePlot.Line(series.css(), series.marker(), points, List.of());
  }

  private LinePlot.Point point(AxisRow row, double aside) {
    double value = measure.of(row).orElseThrow();
    String tooltip = row.row().name() + "\n" + measure.text(value);
    return LinePlot.Point.exact(aside * row.degree(), value, tooltip);
  }
}
