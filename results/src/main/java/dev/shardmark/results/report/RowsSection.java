package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.List;

/** Every row, to sort and filter. */
final class RowsSection implements Section {
  private final Run run;

  RowsSection(Run run) {
    this.run = run;
  }

  @Override
  public String id() {
    return "rows";
  }

  @Override
  public String title() {
    return "All rows";
  }

  @Override
  public void write(Markup page) {
    if (run.rows().isEmpty()) {
      page.leaf("p", "No row has finished yet.");
      return;
    }
    controls(page);
    page.open(
        "div", "class", "scroll rows", "role", "region", "tabindex", "0", "aria-label", "Rows");
    page.open("table", "id", "rows-table").open("thead").open("tr");
    RowCells.COLUMNS.forEach(
        column -> {
          page.open("th", "scope", "col", "class", column.css());
          page.leaf("span", column.name(), "title", column.meaning()).close();
        });
    page.close().close().open("tbody");
    for (int i = 0; i < run.rows().size(); i++) {
      new RowCells(run.rows().get(i)).write(page, Rows.anchor(i));
    }
    page.close().close().close();
  }

  /** Shown by the script, which they are useless without. */
  private void controls(Markup page) {
    List<String> benchmarks = run.rows().stream().map(Row::benchmark).distinct().sorted().toList();
    page.open("form", "id", "controls", "hidden", "hidden", "role", "search");
    page.open("label").text("Filter ");
    page.empty(
        "input",
        "id",
        "filter",
        "type",
        "search",
        "placeholder",
        "tp=8 gate_up -scalar",
        "autocomplete",
        "off",
        "aria-controls",
        "rows-table");
    page.close().open("label").text("Benchmark ").open("select", "id", "benchmark");
    page.leaf("option", "all", "value", "");
    benchmarks.forEach(name -> page.leaf("option", name, "value", name));
    page.close().close().open("label");
    page.empty("input", "id", "flagged", "type", "checkbox").text(" flagged only").close();
    page.leaf("output", "", "id", "shown", "aria-live", "polite");
    page.close();
  }
}
