package dev.shardmark.results.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** The rows of one axis and model in numbers. */
final class AxisTable {
  private static final List<String> NAMES =
      List.of("Label", "Phase", "Scheme", "Transport", "Tokens", "Degree");
  private static final List<String> COLUMNS =
      List.of(
          "Time",
          "% of roof",
          "flop/byte",
          "Compute",
          "Communication",
          "Waiting",
          "Speed-up",
          "Sent per rank");

  private final List<AxisRow> rows;

  AxisTable(List<AxisRow> rows) {
    this.rows = rows;
  }

  void write(Markup page) {
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Rows");
    page.open("table", "class", "split").open("thead").open("tr");
    NAMES.forEach(name -> page.leaf("th", name, "scope", "col"));
    COLUMNS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.close().close().open("tbody");
    rows.forEach(row -> row(page, row));
    page.close().close().close();
  }

  private static void row(Markup page, AxisRow row) {
    page.open("tr").open("th", "scope", "row");
    LabelTag.write(page, row.row().label());
    page.close();
    List.of(row.phase(), row.way(), row.transport()).forEach(text -> page.leaf("td", text));
    page.leaf("td", Numbers.tick(row.tokens())).leaf("td", Numbers.tick(row.degree()));
    cell(page, Numbers.time(row.timeUs()));
    cell(page, Numbers.percent(row.row().figures().roofPercent()));
    cell(page, Numbers.of(row.row().figures().intensity()));
    cell(page, row.metric(Names.COMPUTE_US), Numbers::time);
    cell(page, row.metric(Names.COMMUNICATION_US), Numbers::time);
    cell(page, row.metric(Names.WAITING_US), Numbers::time);
    cell(page, row.speedup(), Numbers::times);
    cell(page, row.metric(Names.SENT_BYTES), AxisMeasure.SENT::text);
    page.close();
  }

  private static void cell(Markup page, OptionalDouble value, DoubleFunction<String> text) {
    cell(page, value.isPresent() ? text.apply(value.getAsDouble()) : "–");
  }

  private static void cell(Markup page, String text) {
    page.leaf("td", text, "class", "n");
  }
}
