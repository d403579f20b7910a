package dev.shardmark.results.report;

/**
 * One SVG picture in user units, written as it is drawn. Colours are classes of the style sheet.
 */
final class Svg {
  private final Markup to;

  /**
   * Opens a picture that scales with the page.
   *
   * @param label what a screen reader says instead of the picture
   */
  Svg(Markup to, double width, double height, String css, String label) {
    this.to = to;
    to.open(
        "svg",
        "class",
        css,
        "viewBox",
        "0 0 " + Numbers.coordinate(width) + " " + Numbers.coordinate(height),
        "role",
        "img",
        "aria-label",
        label);
  }

  void close() {
    to.close();
  }

  void line(double x1, double y1, double x2, double y2, String css) {
    path("M" + point(x1, y1) + "L" + point(x2, y2), css);
  }

  void path(String d, String css) {
    to.empty("path", "class", css, "d", d);
  }

  void rect(double x, double y, double width, double height, String css, String tooltip) {
    to.open(
        "rect",
        "class",
        css,
        "x",
        Numbers.coordinate(x),
        "y",
        Numbers.coordinate(y),
        "width",
        Numbers.coordinate(Math.max(0, width)),
        "height",
        Numbers.coordinate(height));
    to.leaf("title", tooltip).close();
  }

  void marker(Marker marker, double x, double y, double size, String css, String tooltip) {
    to.open("path", "class", css, "d", marker.path(x, y, size));
    to.leaf("title", tooltip).close();
  }

  /** Text whose start, middle or end, as the class says, is at the point. */
  void text(double x, double y, String css, String text) {
    to.leaf("text", text, "class", css, "x", Numbers.coordinate(x), "y", Numbers.coordinate(y));
  }

  /** Text turned by degrees, clockwise. */
  void text(double x, double y, double degrees, String css, String text) {
    String transform = "translate(" + point(x, y) + ") rotate(" + Numbers.coordinate(degrees) + ")";
    to.leaf("text", text, "class", css, "transform", transform);
  }

  static String point(double x, double y) {
    return Numbers.coordinate(x) + " " + Numbers.coordinate(y);
  }
}
