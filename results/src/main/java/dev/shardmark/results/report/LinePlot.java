package dev.shardmark.results.report;

import java.util.List;

/** A small picture of lines over the degree, one line per number of tokens. */
record LinePlot(Axis x, Axis y, List<Line> lines) {
  private static final double WIDTH = 290;
  private static final double HEIGHT = 230;

  /**
   * One line.
   *
   * @param css class of its colour
   * @param ideal where the line would go if splitting were free; empty where that says nothing
   */
  record Line(String css, Marker marker, List<Point> points, List<Point> ideal) {}

  /** A value with the interval of its forks. */
  record Point(double x, double y, double low, double high, String tooltip) {
    static Point exact(double x, double y, String tooltip) {
      return new Point(x, y, y, y, tooltip);
    }
  }

  void write(Markup to, String label) {
    Svg svg = new Svg(to, WIDTH, HEIGHT, "plot", label);
    Frame frame = new Frame(svg, x, y, 52, 26, WIDTH - 60, HEIGHT - 68);
    frame.draw();
    for (Line line : lines) {
      if (!line.ideal().isEmpty()) {
        svg.path(path(frame, line.ideal()), "ideal");
      }
    }
    for (Line line : lines) {
      svg.path(path(frame, line.points()), "line " + line.css());
      for (Point p : line.points()) {
        double at = frame.px(p.x());
        svg.line(at, frame.py(p.low()), at, frame.py(p.high()), "whisker " + line.css());
        svg.marker(line.marker(), at, frame.py(p.y()), 4, "dot point " + line.css(), p.tooltip());
      }
    }
    svg.close();
  }

  private static String path(Frame frame, List<Point> points) {
    StringBuilder path = new StringBuilder();
    for (Point p : points) {
      path.append(path.isEmpty() ? 'M' : 'L').append(Svg.point(frame.px(p.x()), frame.py(p.y())));
    }
    return path.toString();
  }
}
