package dev.shardmark.results.report;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.unit.ForkMedians;
import java.util.Collections;
import java.util.List;

/** One line of the table of all rows. */
final class RowCells {
  /** A column: its heading, what it holds, and the class of its cells. */
  record Column(String name, String meaning, String css) {}

  static final List<Column> COLUMNS =
      List.of(
          new Column("Benchmark", "class and method", null),
          new Column("Parameters", "what was varied", null),
          new Column("Label", "where the figures come from", null),
          new Column("Time", "median over forks, per operation", "n"),
          new Column("From–to", "fastest and slowest fork; sorts by their ratio", "n"),
          new Column("GFLOP/s", "rate of arithmetic", "n"),
          new Column("GB/s", "rate of compulsory bytes", "n"),
          new Column("flop/byte", "arithmetic intensity", "n"),
          new Column("% of roof", "share of the roof that applies", "n"),
          new Column("Bound", "the roof that applies", null),
          new Column("Forks", "fresh JVMs, each one sample", "n"),
          new Column("Check", "worst error over its bound; at most 1 passes", "n"),
          new Column("B/op", "allocated per operation, in the fork that allocates most", "n"));

  private final Row row;
  private final List<String> flags;

  RowCells(Row row) {
    this.row = row;
    this.flags = Rows.flags(row);
  }

  /** Writes the line, to which links lead by its anchor. */
  void write(Markup page, String anchor) {
    String css = flags.isEmpty() ? null : "flagged";
    page.open("tr", "id", anchor, "data-benchmark", row.benchmark(), "class", css);
    benchmark(page);
    page.open("td").leaf("code", Rows.parameters(row.parameters()));
    flags.forEach(flag -> page.text(" ").leaf("span", flag, "class", "flag"));
    if (!row.ok()) {
      page.text(" ").leaf("span", row.failure(), "class", "reason");
    }
    page.close();
    page.open("td");
    LabelTag.write(page, row.label());
    page.close();
    figures(page, row.figures());
    int forks = row.time() == null ? 0 : row.time().samples().size();
    number(page, forks, Integer.toString(forks));
    number(page, worstCheck());
    double allocated =
        Rows.forks(row, Names.ALLOCATED).map(ForkMedians::highest).orElse(Double.NaN);
    number(page, allocated, Double.isNaN(allocated) ? "–" : Numbers.tick(Math.rint(allocated)));
    page.close();
  }

  /** The name, which may break before the method. */
  private void benchmark(Markup page) {
    int method = row.benchmark().indexOf('.') + 1;
    page.open("th", "scope", "row").text(row.benchmark().substring(0, method)).empty("wbr");
    page.text(row.benchmark().substring(method)).close();
  }

  private void figures(Markup page, Figures f) {
    if (f == null) {
      for (int i = 0; i < 6; i++) {
        number(page, Double.NaN, "–");
      }
      page.leaf("td", "–");
      return;
    }
    number(page, f.timeUs(), Numbers.time(f.timeUs()));
    double spread = f.worstForkUs() / f.bestForkUs();
    number(page, spread, Numbers.range(f.bestForkUs(), f.worstForkUs()));
    number(page, f.gflops());
    number(page, f.gbs());
    number(page, f.intensity());
    number(
        page,
        f.roofPercent() == null ? Double.NaN : f.roofPercent(),
        Numbers.percent(f.roofPercent()));
    page.leaf("td", f.bound() == null ? "–" : f.bound());
  }

  /** Null without a check, or where a result was no number. */
  private Double worstCheck() {
    List<Double> worst = row.checks().stream().map(Check::worst).toList();
    return worst.isEmpty() || worst.contains(null) ? null : Collections.max(worst);
  }

  private static void number(Markup page, Double value) {
    number(page, value == null ? Double.NaN : value, Numbers.of(value));
  }

  /** A cell that sorts by the value; what is not a number sorts last. */
  private static void number(Markup page, double value, String text) {
    String sortable = Double.isNaN(value) ? "" : Double.toString(value);
    page.leaf("td", text, "class", "n", "data-value", sortable);
  }
}
