package dev.shardmark.results.report;

/** A cell of a table that shows a share as a bar; the number itself stands beside it. */
final class Bar {
  private static final int FULL = 100;

  private Bar() {}

  /**
   * Writes the cell.
   *
   * @param share of a full bar; what is more than 1 is full
   * @param css class of its colour
   */
  static void write(Markup page, double share, String css) {
    page.open("td", "class", "bar");
    page.open("svg", "viewBox", "0 0 100 8", "preserveAspectRatio", "none", "aria-hidden", "true");
    String width = Numbers.coordinate(FULL * Math.min(1, share));
    page.empty("path", "class", "track", "d", "M0 0H" + FULL + "V8H0Z");
    page.empty("path", "class", css, "d", "M0 0H" + width + "V8H0Z").close().close();
  }
}
