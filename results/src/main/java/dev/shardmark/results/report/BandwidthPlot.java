package dev.shardmark.results.report;

import dev.shardmark.results.format.Roof;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/**
 * Bus bandwidth over size, both logarithmic: each algorithm a line, and where another becomes the
 * fastest a vertical.
 */
final class BandwidthPlot {
  private static final double WIDTH = 960;
  private static final double HEIGHT = 460;
  private static final double LETTER = 7;
  private static final int TICKS = 13;
  private static final int COLOURS = 14;

  private final SweepView view;
  private final List<String> names;

  BandwidthPlot(SweepView view) {
    this.view = view;
    this.names = new ArrayList<>(view.algorithms().keySet());
  }

  void write(Markup page) {
    Legend legend = new Legend(page);
    for (String name : names) {
      legend.point(marker(name), css(name), name);
    }
    if (view.bands().size() > 1) {
      legend.line("ideal", "another becomes the fastest");
    }
    legend.close();
    page.open(
        "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Bandwidth");
    Svg svg = new Svg(page, WIDTH, HEIGHT, "plot bandwidth", "Bus bandwidth over size");
    Axis x = Axis.sizes(SweepView.SIZE, view.rows().stream().map(SweepRow::bytes).toList(), TICKS);
    Frame frame = new Frame(svg, x, y(), 78, 58, WIDTH - 96, HEIGHT - 104);
    frame.draw();
    bands(frame);
    view.algorithms().forEach((name, rows) -> line(frame, name, rows));
    svg.close();
    page.close();
  }

  private Axis y() {
    DoubleSummaryStatistics values =
        view.rows().stream().mapToDouble(SweepRow::busGBs).summaryStatistics();
    return Axis.log(
        "Bus bandwidth", values.getMin() / 1.2, values.getMax() * 1.2, Numbers::bandwidthTick);
  }

  /** Verticals between the bands, whose names are above where there is room. */
  private void bands(Frame frame) {
    double start = frame.left();
    for (int i = 0; i < view.bands().size(); i++) {
      boolean last = i == view.bands().size() - 1;
      double end = last ? frame.right() : frame.px(view.crossover(i + 1));
      if (!last) {
        frame.svg().line(end, frame.top() - 40, end, frame.bottom(), "ideal");
      }
      String name = view.bands().get(i).algorithm();
      if (name.length() * LETTER < end - start) {
        frame.svg().text((start + end) / 2, frame.top() - 30, "group middle", name);
      }
      start = end;
    }
  }

  private void line(Frame frame, String name, List<SweepRow> rows) {
    StringBuilder path = new StringBuilder();
    for (SweepRow row : rows) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append(Svg.point(frame.px(row.bytes()), frame.py(row.busGBs())));
    }
    frame.svg().path(path.toString(), "line " + css(name));
    for (SweepRow row : rows) {
      String tooltip =
          name
              + " at "
              + Numbers.bytes(row.bytes())
              + "\n"
              + Numbers.of(row.busGBs(), Roof.GBS)
              + ", "
              + Numbers.time(row.timeUs());
      double at = frame.px(row.bytes());
      frame
          .svg()
          .marker(marker(name), at, frame.py(row.busGBs()), 4.5, "dot point " + css(name), tooltip);
    }
  }

  private Marker marker(String name) {
    return name.equals(Names.AUTO) ? Marker.CIRCLE : Marker.of(names.indexOf(name));
  }

  private String css(String name) {
    return name.equals(Names.AUTO) ? "chosen hollow" : "f" + names.indexOf(name) % COLOURS;
  }
}
