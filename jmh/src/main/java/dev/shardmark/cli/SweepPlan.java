package dev.shardmark.cli;

import dev.shardmark.parallel.sweep.Phase;
import dev.shardmark.results.report.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The points of a sweep that are legal, and what is wrong with the others.
 *
 * @param illegal points by the sentence that refuses them
 */
record SweepPlan(List<Planned> points, Map<String, List<String>> illegal) {
  /**
   * A point to be timed.
   *
   * @param small the same at small dimensions
   * @param parameters what its rows are called, beside the split
   */
  record Planned(
      SweptAxis.Point point, SweptAxis.Point small, SortedMap<String, String> parameters) {}

  /**
   * The points of every axis and question.
   *
   * @throws IllegalArgumentException with the first refusal, if none is legal
   */
  static SweepPlan of(List<SweptAxis> axes, List<SweptAxis.Asked> questions) {
    SweepPlan plan = new SweepPlan(new ArrayList<>(), new LinkedHashMap<>());
    for (SweptAxis axis : axes) {
      for (SweptAxis.Asked asked : questions) {
        plan.add(axis, asked);
      }
    }
    if (plan.points.isEmpty()) {
      throw new IllegalArgumentException(
          plan.illegal.keySet().stream()
              .findFirst()
              .orElse("a sweep must have a point: axis=" + axes));
    }
    return plan;
  }

  private void add(SweptAxis axis, SweptAxis.Asked asked) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.PHASE, asked.phase().parameter());
    parameters.put(Names.TOKENS, Integer.toString(asked.tokens()));
    if (asked.phase() == Phase.DECODE) {
      parameters.put("context", Integer.toString(asked.context()));
    }
    try {
      List<SweptAxis.Point> full = axis.points(asked);
      List<SweptAxis.Point> small = axis.points(asked.small());
      for (int i = 0; i < full.size(); i++) {
        points.add(new Planned(full.get(i), small.get(i), parameters));
      }
    } catch (IllegalArgumentException e) {
      String point =
          "%s %d %s %d tokens"
              .formatted(
                  axis.parameter(), asked.degree(), asked.phase().parameter(), asked.tokens());
      illegal.computeIfAbsent(e.getMessage(), sentence -> new ArrayList<>()).add(point);
    }
  }
}
