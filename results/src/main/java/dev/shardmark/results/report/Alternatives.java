package dev.shardmark.results.report;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rows of one run that do the same work in different ways, and the one the others are held against.
 *
 * @param benchmark class and method
 * @param work the parameters they share, in the form of a row's name
 * @param rows fastest first, failed ones last; at least one is good
 */
record Alternatives(String benchmark, String work, List<Row> rows) {
  /** Parameters that say how and not what: rows that differ in nothing else do the same work. */
  private static final Set<String> WAYS =
      Set.of(
          Names.VARIANT,
          "algorithm",
          "blocking",
          "cache",
          "storage",
          Names.WEIGHTS,
          Names.ALL_REDUCE);

  /** Their parameters say more than how, and they have chapters of their own. */
  private static final Set<String> APART = Set.of(Names.ROOF, Names.SHARD, Names.RANKS);

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private static final Comparator<Row> FASTEST_FIRST =
      Comparator.<Row>comparingDouble(
              row -> row.ok() ? row.figures().timeUs() : Double.POSITIVE_INFINITY)
          .thenComparing(row -> row.name());

  /** What a row is compared with. */
  enum Yardstick {
    /** The fastest library. */
    LIBRARY("best peer"),
    /** The plain loops, where no library was measured. */
    SCALAR("baseline"),
    /** The fastest of our own ways, where there is nothing else. */
    OWN("fastest");

    final String tag;

    Yardstick(String tag) {
      this.tag = tag;
    }

    static Yardstick of(Row row) {
      return switch (variant(row)) {
        case Names.VECTOR, "" -> OWN;
        case Names.SCALAR -> SCALAR;
        default -> LIBRARY;
      };
    }
  }

  /** All work that the run did in two ways or more, by benchmark and size. */
  static List<Alternatives> of(Run run) {
    Map<String, List<Row>> works =
        run.rows().stream()
            .filter(row -> !APART.contains(row.benchmark()))
            .collect(
                Collectors.groupingBy(
                    row -> Row.name(row.benchmark(), without(row, WAYS)),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return works.values().stream()
        .filter(rows -> rows.size() > 1 && rows.stream().anyMatch(Row::ok))
        .map(Alternatives::of)
        .sorted(
            Comparator.comparing(Alternatives::benchmark)
                .thenComparing(same -> numbersPadded(same.work())))
        .toList();
  }

  private static Alternatives of(List<Row> rows) {
    Row first = rows.getFirst();
    SortedMap<String, String> shared = new TreeMap<>(first.parameters());
    shared.remove(Names.VARIANT);
    rows.forEach(row -> shared.entrySet().retainAll(row.parameters().entrySet()));
    return new Alternatives(
        first.benchmark(), Rows.parameters(shared), rows.stream().sorted(FASTEST_FIRST).toList());
  }

  /** The row all others are compared with. */
  Row yardstick() {
    return good().stream().min(Comparator.comparing(Yardstick::of)).orElseThrow();
  }

  /** How many times as fast as the yardstick. */
  double speed(Row row) {
    return yardstick().figures().timeUs() / row.figures().timeUs();
  }

  /** How fast compared with the fastest, which has 1. */
  double share(Row row) {
    return rows.getFirst().figures().timeUs() / row.figures().timeUs();
  }

  /**
   * The row that speaks for our kernels against the yardstick: the one that differs from it in the
   * variant alone or, without one, the fastest; empty where the yardstick is our own.
   */
  Optional<Row> ours() {
    Row yardstick = yardstick();
    if (Yardstick.of(yardstick) == Yardstick.OWN) {
      return Optional.empty();
    }
    Set<String> variant = Set.of(Names.VARIANT);
    List<Row> own = good().stream().filter(row -> variant(row).equals(Names.VECTOR)).toList();
    return own.stream()
        .filter(row -> without(row, variant).equals(without(yardstick, variant)))
        .findFirst()
        .or(() -> own.stream().findFirst());
  }

  /** What sets the row apart from the others, but for its variant; empty if nothing does. */
  String way(Row row) {
    SortedMap<String, String> way = without(row, Set.of(Names.VARIANT));
    Row first = rows.getFirst();
    for (String name : first.parameters().keySet()) {
      if (rows.stream().map(other -> other.parameters().get(name)).distinct().count() == 1) {
        way.remove(name);
      }
    }
    return Rows.parameters(way);
  }

  String name() {
    return (benchmark + " " + work).strip();
  }

  /** The variant of a row, empty for one without. */
  static String variant(Row row) {
    return row.parameters().getOrDefault(Names.VARIANT, "");
  }

  private List<Row> good() {
    return rows.stream().filter(Row::ok).toList();
  }

  private static SortedMap<String, String> without(Row row, Set<String> names) {
    SortedMap<String, String> rest = new TreeMap<>(row.parameters());
    rest.keySet().removeAll(names);
    return rest;
  }

  /** So that 16x4096 comes after 2x4096. */
  private static String numbersPadded(String text) {
    return NUMBER
        .matcher(text)
        .replaceAll(
            number -> "0".repeat(Math.max(0, 19 - number.group().length())) + number.group());
  }
}
