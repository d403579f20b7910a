package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rows taken apart; of shards by model and view, the view to look at first is first. */
final class Views {
  /**
   * Weights that come from memory are what a rank meets in a layer, so they come first; of
   * variants, the one nearest the roof.
   */
  private static final Comparator<List<Shard>> FIRST =
      Comparator.<List<Shard>, Boolean>comparing(
              view ->
                  !view.getFirst()
                      .row()
                      .parameters()
                      .getOrDefault(Names.WEIGHTS, "cold")
                      .equals("cold"))
          .thenComparing(Comparator.comparingDouble(Views::meanRoofPercent).reversed())
          .thenComparing(view -> view.getFirst().view());

  private Views() {}

  /** Views by model; models in the order of {@code models}. */
  static Map<String, List<List<Shard>>> byModel(List<Shard> shards) {
    Map<String, List<List<Shard>>> views = new LinkedHashMap<>();
    by(shards, Shard::model)
        .forEach(
            (model, rows) ->
                views.put(model, by(rows, Shard::view).values().stream().sorted(FIRST).toList()));
    return views;
  }

  /** The view to look at first of each model. */
  static List<List<Shard>> main(List<Shard> shards) {
    return byModel(shards).values().stream().map(List::getFirst).toList();
  }

  /** Groups that keep the order of the rows. */
  static <T, K> Map<K, List<T>> by(List<T> rows, Function<T, K> key) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                key, LinkedHashMap::new, Collectors.toCollection(ArrayList::new)));
  }

  static <T> List<Integer> distinct(List<T> rows, Function<T, Integer> value) {
    return rows.stream().map(value).distinct().sorted().toList();
  }

  private static double meanRoofPercent(List<Shard> view) {
    return view.stream()
        .filter(shard -> shard.row().figures().roofPercent() != null)
        .mapToDouble(shard -> shard.row().figures().roofPercent())
        .average()
        .orElse(0);
  }
}
