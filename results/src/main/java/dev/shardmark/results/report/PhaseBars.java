package dev.shardmark.results.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Bars of times, each in pieces by phase; 100 % is the time of the same work unsplit. */
final class PhaseBars {
  private static final double WIDTH = 460;
  private static final double LEFT = 74;
  private static final double RIGHT = 208;
  private static final double TOP = 18;
  private static final double HEAD = 22;
  private static final double BAR = 19;
  private static final double GAP = 8;
  private static final int LETTERS = 12;

  /** Where the columns right of the bars end. */
  private static final double[] COLUMNS = {WIDTH - 150, WIDTH - 80, WIDTH - 4};

  private final Map<String, List<Stack>> groups;
  private final List<String> columns;
  private final Axis axis;

  /** A part of a bar: its phase, which is its colour, and its time. */
  record Piece(String phase, double us) {}

  /**
   * One bar.
   *
   * @param name what stands left of it, shortened if need be
   * @param row the name of its row
   * @param pieces in order; without any, the bar is its time
   * @param us when the operation ended
   * @param unsplitUs the time that is 100 %
   * @param idealPercent where it would end if splitting were free, NaN where nobody knows
   * @param texts what stands in the columns right of it
   */
  record Stack(
      String name,
      String row,
      List<Piece> pieces,
      double us,
      double unsplitUs,
      double idealPercent,
      List<String> texts) {
    private double sumUs() {
      return pieces.stream().mapToDouble(Piece::us).sum();
    }
  }

  /**
   * Bars by group.
   *
   * @param columns headings of the columns right of the bars
   */
  PhaseBars(Map<String, List<Stack>> groups, List<String> columns, Axis axis) {
    this.groups = groups;
    this.columns = columns;
    this.axis = axis;
  }

  /** One axis for several panels, so that their bars compare. */
  static Axis axis(Collection<Stack> stacks) {
    double most =
        stacks.stream()
            .mapToDouble(stack -> Math.max(stack.us(), stack.sumUs()) / stack.unsplitUs())
            .max()
            .orElse(1);
    return Axis.linear("% of the time unsplit", 100 * Math.max(1, most), Numbers::tick);
  }

  void write(Markup to, String label) {
    double height = TOP;
    for (List<Stack> group : groups.values()) {
      height += HEAD + BAR * group.size() + GAP;
    }
    Svg svg = new Svg(to, WIDTH, height + 40, "plot", label);
    Axis none = new Axis("", false, 0, 1, List.of(), Numbers::tick);
    Frame frame = new Frame(svg, axis, none, LEFT, TOP, WIDTH - LEFT - RIGHT, height - TOP);
    frame.draw();
    texts(svg, 12, columns);
    double y = TOP;
    for (Map.Entry<String, List<Stack>> group : groups.entrySet()) {
      y += HEAD;
      svg.text(0, y - 6, "group", group.getKey());
      for (Stack stack : group.getValue()) {
        bar(frame, y, stack);
        y += BAR;
      }
      y += GAP;
    }
    svg.close();
  }

  private void bar(Frame frame, double y, Stack stack) {
    Svg svg = frame.svg();
    double unit = 100 / stack.unsplitUs();
    svg.text(LEFT - 6, y + 13, "tick end", shortened(stack.name()));
    double x = frame.left();
    if (stack.pieces().isEmpty()) {
      piece(frame, x, y, stack, new Piece("unsplit", stack.us()));
    }
    for (Piece piece : stack.pieces()) {
      x = piece(frame, x, y, stack, piece);
    }
    double end = frame.px(stack.us() * unit);
    svg.line(end, y, end, y + BAR - 3, "total");
    if (Double.isFinite(stack.idealPercent())) {
      double ideal = frame.px(stack.idealPercent());
      svg.line(ideal, y - 2, ideal, y + BAR - 1, "halo");
      svg.line(ideal, y - 2, ideal, y + BAR - 1, "ideal");
    }
    texts(svg, y + 13, stack.texts());
  }

  private static double piece(Frame frame, double x, double y, Stack stack, Piece piece) {
    double width = frame.px(100 * piece.us() / stack.unsplitUs()) - frame.px(0);
    String tooltip = stack.row() + "\n" + piece.phase() + ": " + Numbers.time(piece.us());
    frame.svg().rect(x, y, width, BAR - 3, "piece " + piece.phase(), tooltip);
    return x + width;
  }

  private static void texts(Svg svg, double y, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      svg.text(COLUMNS[i], y, "tick end", texts.get(i));
    }
  }

  private static String shortened(String name) {
    return name.length() > LETTERS ? name.substring(0, LETTERS - 1) + "…" : name;
  }
}
