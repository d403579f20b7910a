package dev.shardmark.cli;

import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.parallel.sweep.CoreRoofs;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.report.Names;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The table of {@code shardmark sweep}: a line for each row, as soon as it is known. */
final class AxisTable {
  private final PrintWriter out;

  AxisTable(PrintWriter out) {
    this.out = out;
  }

  /** What the figures are of, and the names of the columns. */
  void head(String model, String layer, CoreRoofs roofs) {
    say("# %s: %s", model, layer);
    say(
        "# one core: %.1f GFLOP/s of multiply-adds, %.1f GB/s read from memory",
        roofs.gflops(), roofs.readGBs());
    say("# ISOLATED: the busiest rank's kernels, alone on a core; MEASURED: all ranks together");
    say("# attn %%: attention of one rank over that of all as long as the longest");
    say(
        "%-8s %-14s %3s %-7s %6s %-8s %10s %8s %6s %10s %9s %9s %6s %6s %6s %6s %8s",
        "axis",
        "scheme",
        "n",
        "phase",
        "tokens",
        "label",
        "time ms",
        "flop/B",
        "roof %",
        "sent KB",
        "weight MB",
        "twice MB",
        "comp %",
        "comm %",
        "wait %",
        "attn %",
        "speed-up");
  }

  /** A row. */
  void row(AxisSplit split, Row row) {
    if (!row.ok()) {
      say(
          "%-8s %-14s %3d %s",
          split.axis().parameter(), split.scheme(), split.ranks(), row.failure());
      return;
    }
    boolean measured = row.metrics().containsKey(Names.SPEEDUP);
    double wallUs = row.figures().timeUs();
    say(
        "%-8s %-14s %3d %-7s %6s %-8s %10.3f %8.2f %6s %10.1f %9.1f %9.1f %6s %6s %6s %6s %8s",
        split.axis().parameter(),
        split.scheme(),
        split.ranks(),
        row.parameters().get(Names.PHASE),
        row.parameters().get(Names.TOKENS),
        row.label().name().toLowerCase(Locale.ROOT),
        wallUs / 1e3,
        row.figures().intensity(),
        row.figures().roofPercent() == null ? "-" : percent(row.figures().roofPercent()),
        median(row, Names.SENT_BYTES) / 1e3,
        median(row, Names.WEIGHT_BYTES) / 1e6,
        median(row, Names.DUPLICATED_BYTES) / 1e6,
        measured ? percent(100 * median(row, Names.COMPUTE_US) / wallUs) : "-",
        measured ? percent(100 * median(row, Names.COMMUNICATION_US) / wallUs) : "-",
        measured ? percent(100 * median(row, Names.WAITING_US) / wallUs) : "-",
        measured ? percent(median(row, Names.ATTENTION_EFFICIENCY)) : "-",
        measured ? String.format(Locale.ROOT, "%.2fx", median(row, Names.SPEEDUP)) : "-");
  }

  /** A line of text. */
  void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static double median(Row row, String metric) {
    List<Double> sorted =
        row.metrics().get(metric).samples().stream().flatMap(List::stream).sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
