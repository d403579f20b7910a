package dev.shardmark.cli;

import dev.shardmark.kernels.Caches;
import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.report.Names;
import dev.shardmark.results.unit.ForkMedians;
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
  void head(String model, String layer, List<Roof> roofs) {
    say("# %s: %s", model, layer);
    roofs.stream()
        .filter(AxisTable::ofOneCore)
        .forEach(roof -> say("# one core: %s %.1f %s", roof.loop(), roof.value(), roof.unit()));
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

  /** Those that a rank's kernels are held against. */
  private static boolean ofOneCore(Roof roof) {
    boolean computes = roof.loop().equals(Names.FMA);
    boolean reads = roof.loop().equals(Names.READ) && Caches.DRAM.equals(roof.level());
    return roof.cores() == 1 && (computes || reads);
  }

  /** A row that the run has already. */
  void kept(AxisSplit split, String transport) {
    say("%s %s: the run has this row", point(split), transport);
  }

  private static String point(AxisSplit split) {
    return String.format(
        Locale.ROOT, "%-8s %-14s %3d", split.axis().parameter(), split.scheme(), split.ranks());
  }

  /** A row. */
  void row(AxisSplit split, Row row) {
    if (!row.ok()) {
      say("%s %s", point(split), row.failure());
      return;
    }
    boolean measured = row.metrics().containsKey(Names.SPEEDUP);
    double wallUs = row.figures().timeUs();
    say(
        "%s %-7s %6s %-8s %10.3f %8.2f %6s %10.1f %9.1f %9.1f %6s %6s %6s %6s %8s",
        point(split),
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
    return ForkMedians.of(row.metrics().get(metric)).median();
  }
}
