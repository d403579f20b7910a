package dev.shardmark.results.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bars of one linear, by tokens and degree: each phase a piece, 100 % the time unsplit. */
final class RankBars {
  private static final double WIDTH = 460;
  private static final double LEFT = 74;
  private static final double RIGHT = 208;
  private static final double TOP = 18;
  private static final double HEAD = 22;
  private static final double BAR = 19;
  private static final double GAP = 8;

  private static final List<String> PHASES =
      List.of(Names.COMPUTE, Names.COMMUNICATION, Names.WAIT);

  private final Map<Integer, List<Shard>> groups;
  private final Baselines baselines;
  private final Axis axis;

  RankBars(List<Shard> linear, Baselines baselines, Axis axis) {
    this.groups = Views.by(linear, Shard::tokens);
    this.baselines = baselines;
    this.axis = axis;
  }

  /** One axis for all panels of a view, so that bars compare. */
  static Axis axis(List<Shard> view, Baselines baselines) {
    double most =
        view.stream()
            .mapToDouble(s -> Math.max(s.timeUs(), sum(s)) / reference(s, baselines))
            .max()
            .orElse(1);
    return Axis.linear("% of the time unsplit", 100 * Math.max(1, most), Numbers::tick);
  }

  void write(Markup to, String label) {
    double height = TOP;
    for (List<Shard> group : groups.values()) {
      height += HEAD + BAR * group.size() + GAP;
    }
    Svg svg = new Svg(to, WIDTH, height + 40, "plot", label);
    Axis none = new Axis("", false, 0, 1, List.of(), Numbers::tick);
    Frame frame = new Frame(svg, axis, none, LEFT, TOP, WIDTH - LEFT - RIGHT, height - TOP);
    frame.draw();
    columns(svg, 12, "time", "speed-up", "all-reduce");
    double y = TOP;
    for (Map.Entry<Integer, List<Shard>> group : groups.entrySet()) {
      y += HEAD;
      svg.text(0, y - 6, "group", Numbers.count(group.getKey(), "token"));
      for (Shard shard : group.getValue()) {
        bar(frame, y, shard);
        y += BAR;
      }
      y += GAP;
    }
    svg.close();
  }

  private void bar(Frame frame, double y, Shard shard) {
    Svg svg = frame.svg();
    double unit = 100 / reference(shard, baselines);
    svg.text(LEFT - 6, y + 13, "tick end", name(shard));
    double x = frame.left();
    if (sum(shard) == 0) {
      piece(frame, x, y, shard, "unsplit", shard.timeUs(), unit);
    }
    for (String phase : PHASES) {
      double us = shard.phaseUs(phase);
      if (us > 0) {
        x = piece(frame, x, y, shard, phase, us, unit);
      }
    }
    double end = frame.px(shard.timeUs() * unit);
    svg.line(end, y, end, y + BAR - 3, "total");
    Optional<Shard> baseline = baselines.of(shard);
    if (baseline.isPresent() && shard.tp() > 1) {
      double ideal = frame.px(100.0 / shard.tp());
      svg.line(ideal, y - 2, ideal, y + BAR - 1, "halo");
      svg.line(ideal, y - 2, ideal, y + BAR - 1, "ideal");
    }
    boolean split = shard.tp() > 1;
    String speedup =
        split ? baseline.map(b -> Numbers.times(b.timeUs() / shard.timeUs())).orElse("–") : "";
    double talk = 100 * shard.phaseUs(Names.COMMUNICATION) / shard.timeUs();
    String time = Numbers.time(shard.timeUs());
    columns(svg, y + 13, time, speedup, split ? Numbers.percent(talk) : "");
  }

  /** What stands right of the bars. */
  private static void columns(Svg svg, double y, String time, String speedup, String allReduce) {
    svg.text(WIDTH - 150, y, "tick end", time);
    svg.text(WIDTH - 80, y, "tick end", speedup);
    svg.text(WIDTH - 4, y, "tick end", allReduce);
  }

  private static double piece(
      Frame frame, double x, double y, Shard shard, String phase, double us, double unit) {
    double width = frame.px(us * unit) - frame.px(0);
    String tooltip = shard.row().name() + "\n" + phase + ": " + Numbers.time(us);
    frame.svg().rect(x, y, width, BAR - 3, "piece " + phase, tooltip);
    return x + width;
  }

  /** Time unsplit; without one, the row's own. */
  private static double reference(Shard shard, Baselines baselines) {
    return baselines.of(shard).orElse(shard).timeUs();
  }

  private static double sum(Shard shard) {
    return PHASES.stream().mapToDouble(shard::phaseUs).sum();
  }

  private static String name(Shard shard) {
    String algorithm = shard.tp() > 1 ? " " + shard.allReduce() : "";
    String name = "TP" + shard.tp() + algorithm;
    return name.length() > 12 ? name.substring(0, 11) + "…" : name;
  }
}
