package dev.shardmark.jmh.plan;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.targets.RowNames;
import dev.shardmark.results.targets.TargetRow;
import dev.shardmark.results.targets.TargetRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows that targets need. A parameter that a target leaves out has the first value of the
 * benchmark's own grid, so that a new parameter changes no target.
 */
public final class TargetPlan implements RowNames {
  /** Long enough for a verdict. */
  private static final Preset PRESET = Preset.GATE;

  /**
   * First the roofs of as many cores as the rows use, then each row, and behind it whatever any
   * target compares it with: a disturbance that lasts minutes then meets both.
   */
  public Plan plan(List<TargetRows> targets, int forks) {
    Map<String, PlannedRow> known = new HashMap<>();
    Map<String, Set<String>> compared = new LinkedHashMap<>();
    for (TargetRows asked : targets) {
      for (TargetRow row : asked.rows()) {
        if (problem(row).isPresent()) {
          continue;
        }
        known.put(name(row), planned(row).orElseThrow());
        compared.computeIfAbsent(name(row), name -> new LinkedHashSet<>());
        for (TargetRow peer : asked.target().against().peers(row)) {
          if (problem(peer).isEmpty()) {
            known.put(name(peer), planned(peer).orElseThrow());
            compared.get(name(row)).add(name(peer));
            compared.computeIfAbsent(name(peer), name -> new LinkedHashSet<>()).add(name(row));
          }
        }
      }
    }
    Set<String> order = new LinkedHashSet<>();
    compared.keySet().forEach(name -> place(name, compared, order));
    List<PlannedRow> rows = order.stream().map(known::get).toList();
    List<PlannedRow> all = new ArrayList<>();
    for (PlannedRow roof : Plan.roofs(PRESET)) {
      if (rows.stream().anyMatch(row -> row.work().cores() == roof.work().cores())) {
        all.add(roof);
      }
    }
    all.addAll(rows);
    return new Plan(PRESET, forks, List.copyOf(all), List.of());
  }

  /** Places a row, and then those it is compared with, and those they are. */
  private static void place(String name, Map<String, Set<String>> compared, Set<String> order) {
    if (order.add(name)) {
      compared.get(name).forEach(other -> place(other, compared, order));
    }
  }

  /** Why a row cannot be measured here: one sentence; empty if it can. */
  public Optional<String> problem(TargetRow row) {
    try {
      return planned(row).isPresent() ? Optional.empty() : Optional.of(Plan.ABSENT_HERE);
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  @Override
  public String name(TargetRow row) {
    return Row.name(row.benchmark(), complete(row));
  }

  @Override
  public String whyAbsent(TargetRow row) {
    return problem(row).orElse("the run has no such row");
  }

  private static Optional<PlannedRow> planned(TargetRow row) {
    return question(row).row(complete(row));
  }

  private static SortedMap<String, String> complete(TargetRow row) {
    Question question = question(row);
    for (String name : row.parameters().keySet()) {
      if (!question.parameterNames().contains(name)) {
        throw new IllegalArgumentException(
            row.benchmark()
                + " must be given its own parameters, "
                + question.parameterNames()
                + ": parameter="
                + name);
      }
    }
    SortedMap<String, String> values = new TreeMap<>();
    question.grids(PRESET).get(0).forEach((name, choices) -> values.put(name, choices.get(0)));
    values.putAll(row.parameters());
    return values;
  }

  private static Question question(TargetRow row) {
    return Plan.QUESTIONS.stream()
        .filter(question -> question.benchmark().equals(row.benchmark()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no such benchmark: benchmark=" + row.benchmark()));
  }
}
