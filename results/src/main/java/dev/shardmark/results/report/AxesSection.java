package dev.shardmark.results.report;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.Map;

/** Layers split along each axis: a page for each, and one that lays them side by side. */
final class AxesSection implements Section {
  private final Map<SplitAxis, List<AxisRow>> axes;
  private final List<AxesBeside> beside;

  AxesSection(Run run) {
    List<AxisRow> rows = AxisRow.of(run);
    this.axes = Views.by(rows, AxisRow::axis);
    this.beside = AxesBeside.of(rows);
  }

  @Override
  public String id() {
    return "axes";
  }

  @Override
  public String title() {
    return "Axes";
  }

  @Override
  public void write(Markup page) {
    if (axes.isEmpty()) {
      page.leaf("p", "Layers split along an axis were not part of this run.");
      return;
    }
    page.open("p");
    LabelTag.write(page, Label.ISOLATED);
    page.text(
        " is the layer’s shard of one rank alone on a core, at any degree; what it would send follows from a formula. ");
    LabelTag.write(page, Label.MEASURED);
    page.text(" is a step of real ranks, one a core, and what they sent is counted.").close();
    page.open("ul", "class", "pages");
    axes.keySet().forEach(axis -> link(page, axis.title, axis.id()));
    if (!beside.isEmpty()) {
      link(page, "Side by side", AxesBeside.ID);
    }
    page.close();
    axes.forEach((axis, rows) -> new AxisPage(axis, rows).write(page));
    if (!beside.isEmpty()) {
      beside(page);
    }
  }

  private static void link(Markup page, String text, String id) {
    page.open("li").leaf("a", text, "href", "#" + id).close();
  }

  private void beside(Markup page) {
    page.open("div", "id", AxesBeside.ID, "class", "axis-page");
    page.leaf("h3", "Side by side", "class", "model");
    page.leaf(
        "p",
        "The same layer and tokens, split along each axis. Points are set aside a little, so that"
            + " equal ones do not hide each other.");
    page.leaf("p", beside.getFirst().name(), "class", "view");
    beside.getFirst().write(page);
    for (AxesBeside other : beside.subList(1, beside.size())) {
      page.open("details").leaf("summary", "Also measured: " + other.name());
      other.write(page);
      page.close();
    }
    page.close();
  }
}
