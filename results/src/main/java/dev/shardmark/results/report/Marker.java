package dev.shardmark.results.report;

/** Shapes of points: told apart without colour. */
enum Marker {
  CIRCLE,
  SQUARE,
  TRIANGLE,
  DIAMOND,
  DOWN,
  CROSS;

  static Marker of(int index) {
    return values()[index % values().length];
  }

  /** The outline around a centre, all shapes of about the same weight. */
  String path(double x, double y, double r) {
    return switch (this) {
      case CIRCLE -> "M" + Svg.point(x - r, y) + arc(r, 2 * r) + arc(r, -2 * r) + "Z";
      case SQUARE -> polygon(x, y, 0.9 * r, -1, -1, 1, -1, 1, 1, -1, 1);
      case TRIANGLE -> polygon(x, y, 1.2 * r, 0, -1, 0.95, 0.7, -0.95, 0.7);
      case DIAMOND -> polygon(x, y, 1.25 * r, 0, -1, 1, 0, 0, 1, -1, 0);
      case DOWN -> polygon(x, y, 1.2 * r, 0, 1, 0.95, -0.7, -0.95, -0.7);
      case CROSS ->
          polygon(
              x, y, 1.1 * r, -1, -.4, -.4, -.4, -.4, -1, .4, -1, .4, -.4, 1, -.4, 1, .4, .4, .4, .4,
              1, -.4, 1, -.4, .4, -1, .4);
    };
  }

  private static String arc(double r, double dx) {
    return "a" + Svg.point(r, r) + " 0 1 0 " + Svg.point(dx, 0);
  }

  private static String polygon(double x, double y, double r, double... corners) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L').append(Svg.point(x + r * corners[i], y + r * corners[i + 1]));
    }
    return path.append('Z').toString();
  }
}
