package dev.shardmark.jmh.plan;

import dev.shardmark.collectives.Operation;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The rows of a run, in order: first the roofs, then what a filter and replaced parameter values
 * leave of the preset's grids.
 *
 * @param forks how often; the preset says how long
 * @param absent names of rows that were asked for, of cores or libraries this machine lacks
 */
public record Plan(Preset preset, int forks, List<PlannedRow> rows, List<String> absent) {
  /** Why a row that is right cannot be measured here. */
  public static final String ABSENT_HERE =
      "this machine lacks the cores or the library; see shardmark doctor";

  private static final Question ROOFS = new RoofQuestion();

  /** Whose rows of a benchmark are measured that a shorter preset has none of, if it is named. */
  private static final Preset LEAST = Preset.GATE;

  static final List<Question> QUESTIONS =
      List.of(
          new GemmQuestion(),
          new BlockingQuestion(),
          new PackedGemmQuestion(),
          new GroupedGemmQuestion(),
          new SoftmaxQuestion(),
          new NormQuestion(),
          new RopeQuestion(),
          new ActivationQuestion(),
          new AttentionPrefillQuestion(),
          new AttentionDecodeQuestion(),
          new KvAppendQuestion(),
          new RouterQuestion(),
          new PermuteQuestion(),
          new EmbeddingQuestion(),
          new CrossEntropyQuestion(),
          new SamplerQuestion(),
          new LayerQuestion(),
          new AllReduceQuestion(),
          collective(Operation.REDUCE_SCATTER, "ReduceScatter", "direct", "ring"),
          collective(Operation.ALL_GATHER, "AllGather", "direct", "ring"),
          collective(Operation.BROADCAST, "Broadcast", "direct", "binomial"),
          collective(Operation.ALL_TO_ALL, "AllToAll", "direct", "pairwise"),
          new BarrierQuestion(),
          new TensorParallelQuestion(false),
          new TensorParallelQuestion(true));

  /**
   * Plans a run.
   *
   * @param filter regular expression a row's name must contain, null for all
   * @param replaced parameter values to take in place of the preset's
   * @return a plan without rows if the filter matches none
   * @throws IllegalArgumentException one sentence, if the filter is no regular expression, or a
   *     parameter or value is not known
   */
  public static Plan of(
      Preset preset, String filter, SortedMap<String, ? extends List<String>> replaced) {
    Pattern pattern = pattern(filter);
    List<PlannedRow> roofs = roofs(preset);
    Map<String, PlannedRow> rows = new LinkedHashMap<>();
    Set<String> absent = new LinkedHashSet<>();
    List<Question> asked =
        QUESTIONS.stream().filter(q -> takes(q, replaced.keySet()) || replaced.isEmpty()).toList();
    if (asked.isEmpty()) {
      throw new IllegalArgumentException(
          "parameters must belong to one benchmark, of "
              + QUESTIONS.stream().map(q -> q.benchmark() + " " + q.parameterNames()).toList()
              + ": parameters="
              + replaced.keySet());
    }
    for (Question question : asked) {
      if (mayMatch(question, pattern)) {
        boolean byName = filter != null && pattern.matcher(question.benchmark()).find();
        boolean leftOut = question.grids(preset).isEmpty();
        add(question, byName && leftOut ? LEAST : preset, replaced, rows, absent);
      }
    }
    rows.values().removeIf(row -> !pattern.matcher(row.name()).find());
    absent.removeIf(name -> !pattern.matcher(name).find());
    boolean roofsAlone = roofs.stream().anyMatch(row -> pattern.matcher(row.name()).find());
    if (rows.isEmpty() && !roofsAlone) {
      return new Plan(preset, preset.forks(), List.of(), List.copyOf(absent));
    }
    List<PlannedRow> all = new ArrayList<>(roofs);
    all.addAll(rows.values());
    return new Plan(preset, preset.forks(), List.copyOf(all), List.copyOf(absent));
  }

  private static Question collective(Operation operation, String name, String... algorithms) {
    return new CollectiveQuestion(operation, name + "Benchmark.call", List.of(algorithms));
  }

  /** The rows that find this machine's roofs. */
  static List<PlannedRow> roofs(Preset preset) {
    Map<String, PlannedRow> roofs = new LinkedHashMap<>();
    add(ROOFS, preset, new TreeMap<>(), roofs, new LinkedHashSet<>());
    return List.copyOf(roofs.values());
  }

  /** How a row of this plan is timed. */
  public Settings settings(PlannedRow row, List<String> jvmFlags) {
    return preset.settings(row.work(), jvmFlags).withForks(forks);
  }

  /** About how long the rows take, to the minute. */
  public Duration about() {
    double seconds = rows.stream().mapToDouble(row -> row.seconds(settings(row, List.of()))).sum();
    return Duration.ofMinutes(Math.max(1, Math.round(seconds / 60)));
  }

  /** How many rows come first because others need them. */
  public int roofCount() {
    return (int) rows.stream().filter(row -> isRoof(row.benchmark())).count();
  }

  /** Whether a benchmark finds roofs. */
  public static boolean isRoof(String benchmark) {
    return benchmark.equals(RoofQuestion.BENCHMARK);
  }

  private static boolean takes(Question question, Iterable<String> names) {
    for (String name : names) {
      if (!question.parameterNames().contains(name)) {
        return false;
      }
    }
    return true;
  }

  /** A filter that names another benchmark keeps this one's values from being judged. */
  private static boolean mayMatch(Question question, Pattern pattern) {
    for (Question other : QUESTIONS) {
      if (other != question
          && pattern.matcher(other.benchmark()).find()
          && !pattern.matcher(question.benchmark()).find()) {
        return false;
      }
    }
    return true;
  }

  private static Pattern pattern(String filter) {
    try {
      return Pattern.compile(filter == null ? "" : filter);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "filter must be a regular expression: filter=" + filter, e);
    }
  }

  private static void add(
      Question question,
      Preset preset,
      SortedMap<String, ? extends List<String>> replaced,
      Map<String, PlannedRow> rows,
      Set<String> absent) {
    for (Map<String, List<String>> grid : question.grids(preset)) {
      Map<String, List<String>> values = new HashMap<>(grid);
      values.putAll(replaced);
      expand(question, values, replaced, 0, new TreeMap<>(), rows, absent);
    }
  }

  private static void expand(
      Question question,
      Map<String, List<String>> values,
      SortedMap<String, ? extends List<String>> replaced,
      int depth,
      SortedMap<String, String> chosen,
      Map<String, PlannedRow> rows,
      Set<String> absent) {
    List<String> names = question.parameterNames();
    if (depth == names.size()) {
      question
          .row(new TreeMap<>(chosen))
          .ifPresentOrElse(
              row -> rows.putIfAbsent(row.name(), row),
              () -> absent.add(Row.name(question.benchmark(), chosen)));
      return;
    }
    String name = names.get(depth);
    List<String> choices = values.get(name);
    if (replaced.containsKey("model") && !replaced.containsKey(name)) {
      List<String> dependent = question.dependent(name, chosen);
      choices = dependent.isEmpty() ? choices : dependent;
    }
    for (String value : choices) {
      chosen.put(name, value);
      expand(question, values, replaced, depth + 1, chosen, rows, absent);
    }
    chosen.remove(name);
  }
}
