package dev.shardmark.results.report;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tensor parallelism with real ranks: compute, all-reduce and waiting, against one rank. */
final class RanksSection implements Section {
  private final Map<String, List<List<Shard>>> models;
  private final Baselines baselines;

  RanksSection(Run run) {
    this.models = Views.byModel(Shard.of(run, Names.RANKS));
    this.baselines = new Baselines(run);
  }

  @Override
  public String id() {
    return "ranks";
  }

  @Override
  public String title() {
    return "Tensor parallelism for real";
  }

  @Override
  public void write(Markup page) {
    if (models.isEmpty()) {
      page.leaf("p", "Tensor parallelism over real ranks was not part of this run.");
      return;
    }
    page.open("p");
    LabelTag.write(page, Label.MEASURED);
    page.text(
        " Each rank is a thread on its own core, computes its shard and takes part in the"
            + " all-reduce. A bar is the time of one linear as a share of its time unsplit; phases"
            + " are the slowest rank’s, so they may add up to a little more than the time.");
    page.close();
    models.forEach(
        (model, views) -> {
          page.leaf("h3", model, "class", "model");
          view(page, views.getFirst());
          for (List<Shard> other : views.subList(1, views.size())) {
            page.open("details").leaf("summary", "Also measured: " + other.getFirst().view());
            view(page, other);
            page.close();
          }
        });
  }

  private void view(Markup page, List<Shard> view) {
    page.leaf("p", view.getFirst().view(), "class", "view");
    page.open("figure").open("figcaption").leaf("h4", "Compute against all-reduce");
    page.leaf("p", sentence(view)).close();
    new Legend(page)
        .area("compute", "compute")
        .area("communication", "all-reduce")
        .area("wait", "waiting")
        .line("total", "time of the operation")
        .line("ideal", "if splitting were free")
        .close();
    page.open("div", "class", "panels bars");
    RankBars bars = new RankBars(view, baselines);
    Views.by(view, Shard::linear)
        .forEach(
            (linear, rows) -> {
              page.open("div", "class", "panel").leaf("h5", linear);
              bars.write(page, rows, "Time of " + linear + " by phase");
              page.close();
            });
    page.close().close();
    page.open("details").leaf("summary", "Times, speed-up and bytes sent as a table");
    new RanksTable(view, baselines).write(page);
    page.close();
  }

  /** The speed-up of the layer, by number of ranks. */
  private String sentence(List<Shard> view) {
    Map<String, List<Layer>> layers =
        Layer.of(view, baselines).stream()
            .collect(Collectors.groupingBy(Layer::name, LinkedHashMap::new, Collectors.toList()));
    return layers.isEmpty()
        ? "Only one rank was measured."
        : layers.entrySet().stream()
            .map(same -> same.getKey() + ": " + summaries(same.getValue()))
            .collect(Collectors.joining(". ", "", "."));
  }

  private static String summaries(List<Layer> layers) {
    return layers.stream().map(Layer::summary).collect(Collectors.joining(", "));
  }
}
