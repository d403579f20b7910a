package dev.shardmark.results.report;

import dev.shardmark.results.format.Run;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Collectives over sizes: bandwidth by algorithm, the fit of steps and bytes, percentiles. */
final class SweepsSection implements Section {
  private static final int TICKS = 4;
  private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p99.9", "max");

  private final List<SweepView> views;
  private final Map<String, String> facts;

  SweepsSection(Run run) {
    this.views = SweepView.of(run);
    this.facts = run.fingerprint().context();
  }

  @Override
  public String id() {
    return "sweeps";
  }

  @Override
  public String title() {
    return "Collectives by size";
  }

  @Override
  public void write(Markup page) {
    if (views.isEmpty()) {
      page.leaf("p", "A sweep of collectives was not part of this run.");
      return;
    }
    page.leaf(
        "p",
        "Time is of calls back to back, without a barrier; bus bandwidth is in the convention of"
            + " nccl-tests.");
    for (SweepView view : views) {
      if (views.stream().noneMatch(view::isOtherPlaceOf)) {
        page.leaf("h3", view.name(), "class", "model");
        body(page, view);
      } else {
        page.open("details").leaf("summary", "Also measured: " + view.name());
        body(page, view);
        page.close();
      }
    }
  }

  private void body(Markup page, SweepView view) {
    page.open("p", "class", "view");
    LabelTag.write(page, view.label());
    page.text(" " + view.others()).close();
    page.open("figure", "class", "wide").open("figcaption").leaf("h4", "Bus bandwidth");
    page.leaf("p", view.sentence()).close();
    new BandwidthPlot(view).write(page);
    page.close();
    if (view.rows().stream().anyMatch(row -> row.metric(Names.FIT).isPresent())) {
      fits(page, view);
    }
    percentiles(page, view);
  }

  private void fits(Markup page, SweepView view) {
    page.open("figure").open("figcaption").leaf("h4", "Time against a model of steps and bytes");
    page.leaf(
        "p",
        "alpha for each step, beta for each byte that the busiest rank sends, gamma for each it"
            + " combines; what cannot be told apart has one price. The fit is of relative errors."
            + " Where points leave the line, messages leave a cache, or the machine was busy.");
    page.close();
    new Legend(page).line("line f0", "measured").line("ideal", "fitted").close();
    Axis y =
        times(
            view.rows().stream()
                .flatMapToDouble(
                    row ->
                        DoubleStream.concat(
                            DoubleStream.of(row.timeUs()), row.metric(Names.FIT).stream())));
    page.open("div", "class", "panels");
    view.algorithms()
        .forEach(
            (name, rows) -> {
              if (rows.stream().anyMatch(row -> row.metric(Names.FIT).isPresent())) {
                page.open("div", "class", "panel").leaf("h5", name);
                plot(view, y, List.of(fit(rows))).write(page, "Time and fit of " + name);
                page.leaf("p", price(view, name), "class", "price").close();
              }
            });
    page.close().close();
  }

  private String price(SweepView view, String algorithm) {
    int dot = view.group().indexOf('.');
    String key =
        String.join(
            ".",
            Names.FIT,
            view.group().substring(0, dot),
            algorithm,
            view.group().substring(dot + 1));
    return facts.getOrDefault(key, "");
  }

  private static LinePlot.Line fit(List<SweepRow> rows) {
    List<LinePlot.Point> points = rows.stream().map(row -> point(row, row.timeUs(), "")).toList();
    List<LinePlot.Point> fitted = new ArrayList<>();
    rows.forEach(row -> row.metric(Names.FIT).ifPresent(us -> fitted.add(point(row, us, " fit"))));
    return new LinePlot.Line("f0", Marker.CIRCLE, points, fitted);
  }

  private void percentiles(Markup page, SweepView view) {
    page.open("figure").open("figcaption").leaf("h4", "Percentiles of single calls");
    page.leaf(
            "p",
            "Each call behind a barrier that is not timed; of each, the rank that took longest.")
        .close();
    Legend legend = new Legend(page);
    for (int i = 0; i < PERCENTILES.size(); i++) {
      legend.point(Marker.of(i), Shade.of(i, PERCENTILES.size()), PERCENTILES.get(i));
    }
    legend.close();
    Axis y =
        times(
            view.rows().stream()
                .flatMapToDouble(
                    row ->
                        PERCENTILES.stream()
                            .flatMapToDouble(p -> row.metric(Names.ISOLATED + p).stream())));
    page.open("div", "class", "panels");
    view.algorithms()
        .forEach(
            (name, rows) -> {
              page.open("div", "class", "panel").leaf("h5", name);
              plot(view, y, percentiles(rows)).write(page, "Percentiles of " + name);
              page.close();
            });
    page.close().close();
  }

  private static List<LinePlot.Line> percentiles(List<SweepRow> rows) {
    List<LinePlot.Line> lines = new ArrayList<>();
    for (int i = PERCENTILES.size() - 1; i >= 0; i--) { // the median on top
      String percentile = PERCENTILES.get(i);
      List<LinePlot.Point> points = new ArrayList<>();
      for (SweepRow row : rows) {
        row.metric(Names.ISOLATED + percentile)
            .ifPresent(us -> points.add(point(row, us, " " + percentile)));
      }
      String css = Shade.of(i, PERCENTILES.size());
      lines.add(new LinePlot.Line(css, Marker.of(i), points, List.of()));
    }
    return lines;
  }

  private static LinePlot.Point point(SweepRow row, double us, String what) {
    String tooltip =
        row.algorithm() + " at " + Numbers.bytes(row.bytes()) + "\n" + Numbers.time(us) + what;
    return LinePlot.Point.exact(row.bytes(), us, tooltip);
  }

  private static LinePlot plot(SweepView view, Axis y, List<LinePlot.Line> lines) {
    Axis x = Axis.sizes(SweepView.SIZE, view.rows().stream().map(SweepRow::bytes).toList(), TICKS);
    return new LinePlot(x, y, lines);
  }

  private static Axis times(DoubleStream us) {
    DoubleSummaryStatistics values = us.summaryStatistics();
    return values.getCount() == 0
        ? Measure.TIME.axis(1, 10)
        : Measure.TIME.axis(values.getMin(), values.getMax());
  }
}
