package dev.shardmark.results.report;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.unit.ForkMedians;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the report asks of rows. */
final class Rows {
  private Rows() {}

  /** The id of a row of the table of all rows, by its place in the run. */
  static String anchor(int index) {
    return "row" + index;
  }

  static List<Row> good(Run run) {
    return run.rows().stream().filter(Row::ok).toList();
  }

  /** Good rows that are not themselves a roof. */
  static List<Row> kernels(Run run) {
    return good(run).stream().filter(row -> !row.benchmark().equals(Names.ROOF)).toList();
  }

  static boolean collapsed(Row row) {
    Figures figures = row.figures();
    return row.ok() && figures.worstForkUs() > ForkMedians.COLLAPSE * figures.bestForkUs();
  }

  /** Whether the row is faster than the roofs allow; a loop that found a roof lies on it. */
  static boolean aboveRoof(Row row) {
    return row.ok()
        && !row.benchmark().equals(Names.ROOF)
        && row.figures().roofPercent() != null
        && row.figures().roofPercent() > 100;
  }

  static boolean unchecked(Row row) {
    return row.checks().isEmpty() || !row.checks().stream().allMatch(Check::passed);
  }

  /** One number a fork; empty where the row has no sample of the metric. */
  static Optional<ForkMedians> forks(Row row, String metric) {
    return Optional.ofNullable(row.metrics().get(metric))
        .filter(m -> !m.samples().isEmpty() && m.samples().stream().noneMatch(List::isEmpty))
        .map(ForkMedians::of);
  }

  /** The number, 0 for anything that is not a positive one. */
  static int positive(String text) {
    return text != null && text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
  }

  /** Why the row should not be trusted, a word or two each. */
  static List<String> flags(Row row) {
    List<String> flags = new ArrayList<>();
    if (!row.ok()) {
      flags.add("failed");
    }
    if (collapsed(row)) {
      flags.add("collapsed fork");
    }
    if (aboveRoof(row)) {
      flags.add("above roof");
    }
    if (row.ok() && unchecked(row)) {
      flags.add(row.checks().isEmpty() ? "unchecked" : "check failed");
    }
    return flags;
  }

  /** The rate that a bound limits; operations where there is neither arithmetic nor traffic. */
  static String rate(Figures f, String bound) {
    if (f.gbs() != null && (f.gflops() == null || Figures.BANDWIDTH.equals(bound))) {
      return Numbers.of(f.gbs(), Roof.GBS);
    }
    return f.gflops() == null
        ? Numbers.perSecond(1e6 / f.timeUs(), "call")
        : Numbers.of(f.gflops(), Roof.GFLOPS);
  }

  /** Parameters in the form of a row's name, for example {@code tokens=1 tp=2}. */
  static String parameters(Map<String, String> parameters) {
    return parameters.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(" "));
  }
}
