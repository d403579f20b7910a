package dev.shardmark.results.report;

import dev.shardmark.results.format.Roof;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The roofs of a roofline: diagonals of memory levels that end at the horizontal of the arithmetic
 * units, for the fewest cores measured and, lighter, for the most.
 *
 * @param ceilings horizontals
 * @param diagonals from the lowest to the highest
 */
record RoofLines(List<Roof> ceilings, List<Roof> diagonals, int fewest, int most) {
  /** Height of a label with the space around it. */
  private static final double LABEL_GAP = 17;

  /** Width of a letter of a label, on average. */
  private static final double LETTER = 9;

  static RoofLines of(List<Roof> roofs) {
    int fewest = roofs.stream().mapToInt(Roof::cores).min().orElse(1);
    int most = roofs.stream().mapToInt(Roof::cores).max().orElse(1);
    List<Roof> ends =
        roofs.stream()
            .filter(roof -> roof.cores() == fewest || roof.cores() == most)
            .sorted(Comparator.comparingDouble(Roof::value))
            .toList();
    return new RoofLines(highest(ends, Roof.GFLOPS), highest(ends, Roof.GBS), fewest, most);
  }

  boolean isEmpty() {
    return ceilings.isEmpty() && diagonals.isEmpty();
  }

  /** Intensities at which a diagonal meets a ceiling. */
  DoubleStream ridges() {
    return ceilings.stream()
        .flatMapToDouble(top -> diagonals.stream().mapToDouble(d -> top.value() / d.value()));
  }

  /** Rates the picture must reach: the ceilings or, without any, the diagonals at 1 flop/byte. */
  DoubleStream heights() {
    return (ceilings.isEmpty() ? diagonals : ceilings).stream().mapToDouble(Roof::value);
  }

  void draw(Frame frame) {
    diagonals.forEach(roof -> diagonal(frame, roof));
    ceilings.forEach(roof -> ceiling(frame, roof));
    labels(frame, fewest);
    if (most > fewest) {
      labels(frame, most);
    }
  }

  private void ceiling(Frame frame, Roof roof) {
    double from =
        diagonals.stream()
            .filter(other -> other.cores() == roof.cores())
            .mapToDouble(other -> roof.value() / other.value())
            .min()
            .orElse(frame.x().low());
    double y = frame.py(roof.value());
    frame.svg().line(frame.px(Math.max(from, frame.x().low())), y, frame.right(), y, css(roof));
    frame
        .svg()
        .text(
            frame.right() - 4,
            y - 7,
            "roof-label end" + (roof.cores() == fewest ? "" : " many"),
            name(roof));
  }

  private void diagonal(Frame frame, Roof roof) {
    double from = start(frame, roof);
    double to = end(frame, roof);
    if (from < to) {
      frame
          .svg()
          .line(
              frame.px(from),
              frame.py(from * roof.value()),
              frame.px(to),
              frame.py(to * roof.value()),
              css(roof));
    }
  }

  /**
   * Labels along the lines: of few cores where the lines begin, of many where they end. A label is
   * above its line; where the next line is too near for that, below it; where that is taken, too,
   * further along, and left to the table of roofs where the line ends before it.
   */
  private void labels(Frame frame, int cores) {
    double decade = frame.height() / Math.log10(frame.y().high() / frame.y().low());
    double angle =
        Math.atan(decade * Math.log10(frame.x().high() / frame.x().low()) / frame.width());
    List<Roof> lines = diagonals.stream().filter(roof -> roof.cores() == cores).toList();
    double taken = Double.NEGATIVE_INFINITY;
    double along = 0;
    for (int i = 0; i < lines.size(); i++) {
      double line = across(lines.get(i), decade, angle);
      double next =
          i + 1 < lines.size() ? across(lines.get(i + 1), decade, angle) : Double.POSITIVE_INFINITY;
      boolean below = next - line < LABEL_GAP && line - taken >= LABEL_GAP;
      along = !below && line < taken ? along + LETTER * name(lines.get(i - 1)).length() : 0;
      if (along == 0
          || along + LETTER * name(lines.get(i)).length() < length(frame, lines.get(i))) {
        label(frame, lines.get(i), angle, along, below ? LABEL_GAP : -6);
      }
      taken = below ? line : line + LABEL_GAP;
    }
  }

  private double length(Frame frame, Roof roof) {
    double from = start(frame, roof);
    double to = end(frame, roof);
    return Math.hypot(
        frame.px(to) - frame.px(from), frame.py(to * roof.value()) - frame.py(from * roof.value()));
  }

  /** Where a diagonal lies at a right angle to all of them, in units of the picture. */
  private static double across(Roof roof, double decade, double angle) {
    return decade * Math.log10(roof.value()) * Math.cos(angle);
  }

  /** One label, so far along its line and so far below it. */
  private void label(Frame frame, Roof roof, double angle, double along, double below) {
    boolean first = roof.cores() == fewest;
    double x = first ? start(frame, roof) : end(frame, roof);
    double away = first ? 10 + along : -10 - along;
    double px = frame.px(x) + away * Math.cos(angle) + below * Math.sin(angle);
    double py = frame.py(x * roof.value()) - away * Math.sin(angle) + below * Math.cos(angle);
    String css = first ? "roof-label" : "roof-label end many";
    frame.svg().text(px, py, -Math.toDegrees(angle), css, name(roof));
  }

  private double start(Frame frame, Roof roof) {
    return Math.max(frame.x().low(), frame.y().low() / roof.value());
  }

  /** Where the diagonal meets the ceiling of as many cores, or leaves the picture. */
  private double end(Frame frame, Roof roof) {
    double top =
        ceilings.stream()
            .filter(other -> other.cores() == roof.cores())
            .mapToDouble(Roof::value)
            .max()
            .orElse(frame.y().high());
    return Math.min(frame.x().high(), top / roof.value());
  }

  /** Of each level and number of cores the fastest loop: it is the one that bounds. */
  private static List<Roof> highest(List<Roof> ascending, String unit) {
    Map<String, Roof> highest = new LinkedHashMap<>();
    for (Roof roof : ascending) {
      String place = roof.level() + " " + roof.cores();
      if (roof.unit().equals(unit)) {
        highest.remove(place);
        highest.put(place, roof);
      }
    }
    return List.copyOf(highest.values());
  }

  private String css(Roof roof) {
    return roof.cores() == fewest ? "roof" : "roof many";
  }

  private static String name(Roof roof) {
    String level = roof.level() == null ? "" : roof.level() + " ";
    String loop = roof.loop().equals(Names.FMA) ? "FMA" : roof.loop();
    return level + loop + ": " + Numbers.of(roof.value(), roof.unit());
  }
}
