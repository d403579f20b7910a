package dev.shardmark.results.report;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One collective of one group in one place, by all algorithms that were swept.
 *
 * @param name the collective, the group and the place
 * @param others what else all rows have in common
 * @param group the operation, ranks and transport, as facts about them have it
 * @param algorithms rows by algorithm, by size
 * @param bands which algorithm is fastest from which size on, as the sweep found; may be empty
 */
record SweepView(
    String name,
    String others,
    String group,
    Map<String, List<SweepRow>> algorithms,
    List<Band> bands) {
  /** Parameters that a row of a sweep has. */
  static final List<String> KEYS =
      List.of(Names.ALGORITHM, Names.GROUP, Names.TRANSPORT, Names.PLACE);

  /** What the horizontal axis of its pictures is. */
  static final String SIZE = "S, bytes of a rank";

  private static final Pattern STEP = Pattern.compile("from (\\d{1,18}) ([^,]+)");

  /** Sizes from one on. */
  record Band(long fromBytes, String algorithm) {}

  /** Views of a run; those in place come first. */
  static List<SweepView> of(Run run) {
    Map<List<String>, List<SweepRow>> views =
        run.rows().stream()
            .filter(SweepRow::is)
            .map(SweepRow::of)
            .collect(
                Collectors.groupingBy(
                    row -> List.of(name(row.row()), others(row.row())),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<String, String> facts = run.fingerprint().context();
    return views.entrySet().stream()
        .map(view -> of(view.getValue(), facts))
        .sorted(Comparator.comparing(view -> !view.isInPlace()))
        .toList();
  }

  private static SweepView of(List<SweepRow> rows, Map<String, String> facts) {
    Map<String, List<SweepRow>> algorithms =
        rows.stream()
            .sorted(Comparator.comparingLong(SweepRow::bytes))
            .collect(Collectors.groupingBy(SweepRow::algorithm));
    Map<String, List<SweepRow>> inOrder = new LinkedHashMap<>();
    rows.forEach(row -> inOrder.put(row.algorithm(), algorithms.get(row.algorithm())));
    Row any = rows.getFirst().row();
    String ranks = any.parameters().get(Names.GROUP);
    String transport = any.parameters().get(Names.TRANSPORT);
    String group = String.join(".", operation(any), ranks, transport);
    List<Band> bands = bands(facts.get(Names.THRESHOLDS + group));
    return new SweepView(name(any), others(any), group, inOrder, bands);
  }

  private static String operation(Row row) {
    return row.benchmark().substring(Names.SWEEP.length());
  }

  /** For example {@code all_reduce in place, 2 ranks, shared}. */
  private static String name(Row row) {
    Map<String, String> parameters = row.parameters();
    return operation(row)
        + " "
        + parameters.get(Names.PLACE).replace('_', ' ')
        + ", "
        + parameters.get(Names.GROUP)
        + " ranks, "
        + parameters.get(Names.TRANSPORT);
  }

  private static String others(Row row) {
    Map<String, String> others = new TreeMap<>(row.parameters());
    others.keySet().removeAll(KEYS);
    others.remove(Names.BYTES);
    return Rows.parameters(others);
  }

  private static List<Band> bands(String fact) {
    List<Band> bands = new ArrayList<>();
    Matcher step = STEP.matcher(fact == null ? "" : fact);
    while (step.find()) {
      bands.add(new Band(Long.parseLong(step.group(1)), step.group(2)));
    }
    return bands;
  }

  boolean isInPlace() {
    return any().parameters().get(Names.PLACE).equals(Names.IN_PLACE);
  }

  /** Whether the other has the same calls in place. */
  boolean isOtherPlaceOf(SweepView other) {
    return !isInPlace()
        && other.isInPlace()
        && group.equals(other.group)
        && others.equals(other.others);
  }

  Label label() {
    return any().label();
  }

  private Row any() {
    return algorithms.values().iterator().next().getFirst().row();
  }

  List<SweepRow> rows() {
    return algorithms.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Where a band begins: the size at which the times of its algorithm and of the one before are the
   * same, on the straight line between the two sizes that were measured, both logarithmic.
   */
  double crossover(int band) {
    long above = bands.get(band).fromBytes();
    List<SweepRow> before = rowsOf(band - 1);
    List<SweepRow> after = rowsOf(band);
    Optional<SweepRow> below =
        after.stream().filter(row -> row.bytes() < above).reduce((a, b) -> b);
    if (below.isEmpty()) {
      return above;
    }
    double atBelow = lead(before, after, below.get().bytes());
    double atAbove = lead(before, after, above);
    double share = atBelow / (atBelow - atAbove);
    if (!(share >= 0 && share <= 1)) {
      return above; // not timed there, or as fast as each other there
    }
    return below.get().bytes() * Math.pow((double) above / below.get().bytes(), share);
  }

  private List<SweepRow> rowsOf(int band) {
    return algorithms.getOrDefault(bands.get(band).algorithm(), List.of());
  }

  /** The logarithm of how many times as long the second takes; NaN where one was not timed. */
  private static double lead(List<SweepRow> first, List<SweepRow> second, long bytes) {
    return Math.log(timeUs(second, bytes) / timeUs(first, bytes));
  }

  private static double timeUs(List<SweepRow> rows, long bytes) {
    return rows.stream()
        .filter(row -> row.bytes() == bytes)
        .mapToDouble(SweepRow::timeUs)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Which algorithm is fastest where, and what is reached. */
  String sentence() {
    SweepRow most = rows().stream().max(Comparator.comparingDouble(SweepRow::busGBs)).orElseThrow();
    StringBuilder text = new StringBuilder();
    for (Band band : bands) {
      boolean first = text.isEmpty();
      text.append(first ? "Fastest is " : ", from " + Numbers.bytes(band.fromBytes()) + " on ");
      text.append(band.algorithm());
    }
    return (text.isEmpty() ? "" : text + ". ")
        + "At most "
        + Numbers.of(most.busGBs(), Roof.GBS)
        + " of bus bandwidth: "
        + most.algorithm()
        + " at "
        + Numbers.bytes(most.bytes())
        + ".";
  }
}
