package dev.shardmark.results.report;

/** Keys of a plot as a list, so that they wrap on a narrow page. */
final class Legend {
  private final Markup to;

  Legend(Markup to) {
    this(to, "");
  }

  /** A legend of a class of its own. */
  Legend(Markup to, String css) {
    this.to = to.open("ul", "class", ("legend " + css).strip());
  }

  Legend point(Marker marker, String css, String text) {
    swatch();
    to.empty("path", "class", "dot " + css, "d", marker.path(11, 7, 5)).close();
    return name(text);
  }

  Legend line(String css, String text) {
    swatch();
    to.empty("path", "class", css, "d", "M1 7L21 7").close();
    return name(text);
  }

  Legend area(String css, String text) {
    swatch();
    to.empty("path", "class", css, "d", "M3 1H19V13H3Z").close();
    return name(text);
  }

  void close() {
    to.close();
  }

  private void swatch() {
    to.open("li");
    to.open("svg", "class", "swatch", "viewBox", "0 0 22 14", "aria-hidden", "true");
  }

  private Legend name(String text) {
    to.text(text).close();
    return this;
  }
}
