package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import java.util.Comparator;
import java.util.List;

/** Rows that move bytes and compute nothing: a roofline has no place for them. */
final class TrafficTable {
  private static final List<String> NUMBERS = List.of("GB/s", "% of roof");

  private final List<Row> rows;

  TrafficTable(List<Row> kernels) {
    this.rows =
        kernels.stream()
            .filter(row -> row.figures().gflops() == null && row.figures().gbs() != null)
            .sorted(Comparator.comparing(Row::benchmark).thenComparing(TrafficTable::fastestFirst))
            .toList();
  }

  boolean exists() {
    return !rows.isEmpty();
  }

  void write(Markup page) {
    page.open("figure", "class", "wide").open("figcaption").leaf("h3", "Traffic alone");
    page.leaf(
        "p",
        Numbers.count(rows.size(), "row")
            + " without arithmetic, so not on the roofline. A full bar is the bandwidth of the"
            + " memory the bytes come from.");
    page.close();
    page.open(
        "div",
        "class",
        "scroll traffic",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-label",
        "Traffic alone");
    page.open("table").open("thead").open("tr");
    page.leaf("th", "Row", "scope", "col").leaf("th", "From", "scope", "col").leaf("td", "");
    NUMBERS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.close().close().open("tbody");
    rows.forEach(row -> row(page, row));
    page.close().close().close().close();
  }

  private static void row(Markup page, Row row) {
    Double percent = row.figures().roofPercent();
    page.open("tr").open("th", "scope", "row").text(row.benchmark() + " ");
    page.leaf("code", Rows.parameters(row.parameters()));
    Rows.flags(row).forEach(flag -> page.text(" ").leaf("span", flag, "class", "flag"));
    page.close().leaf("td", row.work().level());
    Bar.write(page, percent == null ? 0 : percent / 100, PeersTable.css(Alternatives.variant(row)));
    page.leaf("td", Numbers.of(row.figures().gbs()), "class", "n");
    page.leaf("td", Numbers.percent(percent), "class", "n").close();
  }

  private static int fastestFirst(Row one, Row other) {
    return Double.compare(other.figures().gbs(), one.figures().gbs());
  }
}
