package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** One measure of one view of a model: a small plot per linear, all with the same axes. */
final class ShardFigure {
  private final Measure measure;
  private final List<Shard> shards;
  private final List<Integer> degrees;
  private final List<Integer> tokens;

  ShardFigure(Measure measure, List<Shard> view) {
    this.measure = measure;
    this.shards = view.stream().filter(measure::of).toList();
    this.degrees = Views.distinct(view, Shard::tp);
    this.tokens = Views.distinct(view, Shard::tokens);
  }

  void write(Markup page) {
    page.open("figure").open("figcaption").leaf("h4", measure.title);
    if (shards.isEmpty()) {
      page.leaf("p", "No row of this run has it.").close().close();
      return;
    }
    page.leaf("p", new ShardSentence(measure, shards).text()).close();
    page.open("div", "class", "panels");
    Axis x = Axis.steps("tensor parallel degree", degrees);
    Map<String, List<LinePlot.Line>> linears = new LinkedHashMap<>();
    Views.by(shards, Shard::linear).forEach((linear, rows) -> linears.put(linear, lines(rows)));
    Axis y = y(linears.values());
    for (Map.Entry<String, List<LinePlot.Line>> linear : linears.entrySet()) {
      page.open("div", "class", "panel").leaf("h5", linear.getKey());
      String label = measure.title + " of " + linear.getKey() + " over tensor parallel degree";
      new LinePlot(x, y, linear.getValue()).write(page, label);
      page.close();
    }
    page.close().close();
  }

  private List<LinePlot.Line> lines(List<Shard> linear) {
    List<LinePlot.Line> lines = new ArrayList<>();
    Views.by(linear, Shard::tokens)
        .forEach(
            (n, line) -> {
              int index = tokens.indexOf(n);
              List<LinePlot.Point> points = line.stream().map(this::point).toList();
              String css = Shade.of(index, tokens.size());
              lines.add(new LinePlot.Line(css, Marker.of(index), points, ideal(line)));
            });
    return lines;
  }

  private LinePlot.Point point(Shard shard) {
    double value = measure.value(shard);
    String tooltip = shard.row().name() + "\n" + measure.text(value);
    double low = measure.slowest(shard);
    double high = measure.fastest(shard);
    return new LinePlot.Point(shard.tp(), value, low, high, tooltip);
  }

  /** Splitting for free keeps the intensity, and divides the time by the degree. */
  private List<LinePlot.Point> ideal(List<Shard> line) {
    if (measure == Measure.ROOF) {
      return List.of();
    }
    double first = measure.value(line.getFirst());
    double degree = line.getFirst().tp();
    boolean divided = measure == Measure.TIME;
    return line.stream()
        .map(s -> LinePlot.Point.exact(s.tp(), divided ? first * degree / s.tp() : first, ""))
        .toList();
  }

  /** One axis that holds everything any of the plots draws. */
  private Axis y(Collection<List<LinePlot.Line>> plots) {
    DoubleSummaryStatistics values =
        plots.stream()
            .flatMap(List::stream)
            .flatMap(line -> Stream.concat(line.points().stream(), line.ideal().stream()))
            .flatMapToDouble(point -> DoubleStream.of(point.low(), point.y(), point.high()))
            .summaryStatistics();
    return measure.axis(values.getMin(), values.getMax());
  }
}
