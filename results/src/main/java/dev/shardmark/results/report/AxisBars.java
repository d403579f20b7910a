package dev.shardmark.results.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Steps of one axis over real ranks, by tokens: compute, communication and waiting. */
final class AxisBars {
  private static final List<String> COLUMNS = List.of("time", "speed-up", "comm.");

  private final List<AxisRow> rows;

  /** Bars of the rows of one axis and model that real ranks ran. */
  AxisBars(List<AxisRow> rows) {
    this.rows = rows;
  }

  void write(Markup page) {
    new Legend(page)
        .area("compute", "compute")
        .area("communication", "communication")
        .area("wait", "waiting")
        .line("total", "time of the step")
        .line("ideal", "if splitting were free")
        .close();
    Axis axis = PhaseBars.axis(rows.stream().map(AxisBars::stack).toList());
    page.open("div", "class", "panels bars");
    Views.by(rows, AxisRow::panel)
        .forEach(
            (name, panel) -> {
              Map<String, List<PhaseBars.Stack>> groups = new LinkedHashMap<>();
              Views.by(panel, AxisRow::tokens)
                  .forEach(
                      (n, same) ->
                          groups.put(
                              Numbers.count(n, "token"),
                              same.stream().map(AxisBars::stack).toList()));
              page.open("div", "class", "panel").leaf("h5", name);
              new PhaseBars(groups, COLUMNS, axis).write(page, "Time of " + name + " by phase");
              page.close();
            });
    page.close();
  }

  /** One bar; without a speed-up its own time is 100 %. */
  private static PhaseBars.Stack stack(AxisRow row) {
    OptionalDouble speedup = row.speedup();
    OptionalDouble talk = row.metric(Names.COMMUNICATION_US);
    boolean split = row.degree() > 1;
    return new PhaseBars.Stack(
        row.degree() + (split ? " " + row.transport() : ""),
        row.row().name(),
        pieces(row),
        row.timeUs(),
        row.timeUs() * speedup.orElse(1),
        speedup.isPresent() ? 100.0 / row.degree() : Double.NaN,
        List.of(
            Numbers.time(row.timeUs()),
            speedup.isPresent() ? Numbers.times(speedup.getAsDouble()) : split ? "–" : "",
            split && talk.isPresent()
                ? Numbers.percent(100 * talk.getAsDouble() / row.timeUs())
                : ""));
  }

  private static List<PhaseBars.Piece> pieces(AxisRow row) {
    return Stream.of(
            piece(row, Names.COMPUTE_US, Names.COMPUTE),
            piece(row, Names.COMMUNICATION_US, Names.COMMUNICATION),
            piece(row, Names.WAITING_US, Names.WAIT))
        .filter(piece -> piece.us() > 0)
        .toList();
  }

  private static PhaseBars.Piece piece(AxisRow row, String metric, String phase) {
    return new PhaseBars.Piece(phase, row.metric(metric).orElse(0));
  }
}
