package dev.shardmark.results.report;

import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Rate of arithmetic over arithmetic intensity, both logarithmic: each kernel a point, its colour
 * the benchmark and its shape the variant; each memory level a diagonal, the arithmetic units a
 * horizontal.
 */
final class RooflinePlot {
  private static final double WIDTH = 960;
  private static final double HEIGHT = 540;
  private static final int COLOURS = 14;
  private static final List<String> KNOWN = List.of("", Names.VECTOR, Names.SCALAR);

  private static final Comparator<String> OURS_FIRST =
      Comparator.<String>comparingInt(
              variant -> KNOWN.contains(variant) ? KNOWN.indexOf(variant) : 9)
          .thenComparing(Comparator.naturalOrder());

  private final List<Row> rows;
  private final List<String> families;
  private final List<String> variants;
  private final RoofLines roofs;

  RooflinePlot(List<Roof> roofs, List<Row> rows) {
    this.rows = rows.stream().filter(RooflinePlot::hasPlace).toList();
    this.families = this.rows.stream().map(Row::benchmark).distinct().sorted().toList();
    this.variants =
        this.rows.stream().map(Alternatives::variant).distinct().sorted(OURS_FIRST).toList();
    this.roofs = RoofLines.of(roofs);
  }

  /** Whether there is anything to draw. */
  boolean exists() {
    return !roofs.isEmpty() || !rows.isEmpty();
  }

  void write(Markup page) {
    legend(page);
    page.open(
        "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Roofline plot");
    Svg svg =
        new Svg(
            page,
            WIDTH,
            HEIGHT,
            "plot roofline",
            "Roofline: " + Numbers.count(rows.size(), "row") + " under the machine's roofs");
    Frame frame = new Frame(svg, x(), y(), 62, 30, WIDTH - 90, HEIGHT - 76);
    frame.draw();
    roofs.draw(frame);
    rows.forEach(row -> dot(frame, row));
    svg.close();
    page.close();
  }

  private void legend(Markup page) {
    Legend benchmarks = new Legend(page, "families");
    for (int i = 0; i < families.size(); i++) {
      String family = families.get(i);
      long count = rows.stream().filter(row -> row.benchmark().equals(family)).count();
      String name = family.replaceFirst("Benchmark\\.", ".");
      benchmarks.point(Marker.CIRCLE, colour(i), name + " (" + count + ")");
    }
    benchmarks.close();
    Legend legend = new Legend(page);
    for (int i = 0; i < variants.size(); i++) {
      String variant = variants.get(i).isEmpty() ? "no variant" : variants.get(i);
      legend.point(Marker.of(i), "any", variant);
    }
    legend.line("roof", "roof of " + Numbers.count(roofs.fewest(), "core"));
    if (roofs.most() > roofs.fewest()) {
      legend.line("roof many", "roof of " + Numbers.count(roofs.most(), "core"));
      legend.point(Marker.CIRCLE, "hollow", "hollow: more than one core");
    }
    if (rows.stream().anyMatch(Rows::aboveRoof)) {
      legend.point(Marker.CIRCLE, "above", "ringed: above its roof");
    }
    legend.close();
  }

  private void dot(Frame frame, Row row) {
    String colour = colour(families.indexOf(row.benchmark()));
    Marker variant = Marker.of(variants.indexOf(Alternatives.variant(row)));
    boolean many = row.work() != null && row.work().cores() > 1;
    double x = frame.px(row.figures().intensity());
    double y = frame.py(row.figures().gflops());
    String tooltip =
        row.name()
            + "\n"
            + Numbers.of(row.figures().gflops(), "GFLOP/s")
            + " at "
            + Numbers.of(row.figures().intensity(), "flop/byte")
            + "\n"
            + share(row);
    if (Rows.aboveRoof(row)) {
      frame.svg().path(Marker.CIRCLE.path(x, y, 9), "dot above");
    }
    String css = "dot point " + colour + (many ? " hollow" : "");
    frame.svg().marker(variant, x, y, 5, css, tooltip);
  }

  private static String share(Row row) {
    if (row.figures().roofPercent() == null) {
      return "no roof applies";
    }
    return Numbers.percent(row.figures().roofPercent())
        + " of the roof"
        + (Rows.aboveRoof(row) ? ": the work model or the roof is wrong" : "");
  }

  private Axis x() {
    DoubleStream points = rows.stream().mapToDouble(row -> row.figures().intensity());
    DoubleSummaryStatistics values =
        DoubleStream.concat(points, roofs.ridges()).summaryStatistics();
    String title = "Arithmetic intensity, flop/byte";
    return values.getCount() == 0
        ? Axis.log(title, 0.1, 10, Numbers::tick)
        : Axis.log(title, values.getMin() / 3, values.getMax() * 3, Numbers::tick);
  }

  private Axis y() {
    DoubleStream points = rows.stream().mapToDouble(row -> row.figures().gflops());
    DoubleSummaryStatistics values =
        DoubleStream.concat(points, roofs.heights()).summaryStatistics();
    return Axis.log("GFLOP/s", values.getMin() / 2, values.getMax() * 1.5, Numbers::tick);
  }

  private static String colour(int family) {
    return "f" + family % COLOURS;
  }

  private static boolean hasPlace(Row row) {
    return Stream.of(row.figures().gflops(), row.figures().intensity())
        .allMatch(v -> v != null && v > 0 && Double.isFinite(v));
  }
}
