package dev.shardmark.results.report;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.Map;

/** What one rank computes: the shard of each linear alone on a core, over the degree. */
final class ShardsSection implements Section {
  private final Map<String, List<List<Shard>>> models;

  ShardsSection(Run run) {
    this.models = Views.byModel(Shard.of(run, Names.SHARD));
  }

  @Override
  public String id() {
    return "shards";
  }

  @Override
  public String title() {
    return "One rank’s shard";
  }

  @Override
  public void write(Markup page) {
    if (models.isEmpty()) {
      page.leaf("p", "Shards of a model were not part of this run.");
      return;
    }
    page.open("p");
    LabelTag.write(page, Label.ISOLATED);
    page.text(
        " Tensor parallelism gives each rank a slice of every weight matrix. Here one slice runs"
            + " alone on a core: what a rank computes, without what it says to the others.");
    page.close();
    models.forEach(
        (model, views) -> {
          page.leaf("h3", model, "class", "model");
          view(page, views.getFirst());
          for (List<Shard> other : views.subList(1, views.size())) {
            page.open("details").leaf("summary", "Also measured: " + name(other));
            view(page, other);
            page.close();
          }
        });
  }

  private static void view(Markup page, List<Shard> view) {
    List<Integer> tokens = Views.distinct(view, Shard::tokens);
    page.leaf("p", name(view), "class", "view");
    Legend legend = new Legend(page);
    for (int i = 0; i < tokens.size(); i++) {
      legend.point(Marker.of(i), Shade.of(i, tokens.size()), Numbers.count(tokens.get(i), "token"));
    }
    legend.line("ideal", "if splitting were free");
    legend.close();
    for (Measure measure : Measure.values()) {
      new ShardFigure(measure, view).write(page);
    }
  }

  private static String name(List<Shard> view) {
    return view.getFirst().view();
  }
}
