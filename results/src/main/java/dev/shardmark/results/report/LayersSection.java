package dev.shardmark.results.report;

import dev.shardmark.results.format.Run;
import dev.shardmark.results.report.LayerShares.Operation;
import java.util.List;

/** Whole layers on one rank: the share each operation has of time and of flop. */
final class LayersSection implements Section {
  private static final List<String> COLUMNS =
      List.of("Time", "% of time", "GFLOP", "% of flop", "GFLOP/s");

  private final List<LayerShares> layers;

  LayersSection(Run run) {
    layers =
        Rows.good(run).stream()
            .filter(row -> row.benchmark().equals(Names.LAYER))
            .map(LayerShares::of)
            .filter(layer -> !layer.operations().isEmpty())
            .toList();
  }

  @Override
  public String id() {
    return "layers";
  }

  @Override
  public String title() {
    return "Where a layer’s time goes";
  }

  @Override
  public void write(Markup page) {
    if (layers.isEmpty()) {
      page.leaf("p", "Whole layers were not part of this run.");
      return;
    }
    page.leaf(
        "p",
        "One layer on one core, one operation after the other. Time is measured; flop follow from"
            + " the shapes. Shares are of all operations together.");
    layers.forEach(layer -> table(page, layer));
  }

  private static void table(Markup page, LayerShares layer) {
    page.leaf("p", Rows.parameters(layer.row().parameters()), "class", "view");
    page.leaf("p", layer.sentence());
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Layer");
    page.open("table").open("thead").open("tr");
    List.of("Operation", "Part").forEach(name -> page.leaf("th", name, "scope", "col"));
    COLUMNS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.close().close().open("tbody");
    layer.operations().forEach(operation -> row(page, layer, operation));
    page.close().close().close();
  }

  private static void row(Markup page, LayerShares layer, Operation operation) {
    page.open("tr").leaf("th", operation.name(), "scope", "row");
    page.leaf("td", operation.part());
    cell(page, Numbers.time(operation.us()));
    cell(page, Numbers.percent(layer.timePercent(operation.us())));
    cell(page, Numbers.of(operation.flop() / 1e9));
    cell(page, Numbers.percent(layer.flopPercent(operation.flop())));
    cell(page, Numbers.of(operation.flop() / operation.us() / 1e3));
    page.close();
  }

  private static void cell(Markup page, String text) {
    page.leaf("td", text, "class", "n");
  }
}
