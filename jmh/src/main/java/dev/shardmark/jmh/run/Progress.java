package dev.shardmark.jmh.run;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.unit.Quantity;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** A line a row: where the run is, what came out, how long it has taken and will take. */
final class Progress {
  private final PrintStream out;
  private final int rows;
  private final long startNs = System.nanoTime();
  private final boolean terminal;
  private final int alreadyDone;
  private int done;

  Progress(PrintStream out, int rows, int alreadyDone, boolean terminal) {
    this.out = out;
    this.rows = rows;
    this.alreadyDone = alreadyDone;
    this.done = alreadyDone;
    this.terminal = terminal;
  }

  /** Says what is being measured, on a terminal alone: the next line replaces it. */
  void measuring(String name) {
    if (terminal) {
      out.print("\r\u001b[K[" + (done + 1) + "/" + rows + "] " + name + " ...");
      out.flush();
    }
  }

  void finished(Row row) {
    done++;
    String line =
        String.format(
            Locale.ROOT,
            "[%d/%d] %s  %s  (%s, %s left)",
            done,
            rows,
            row.name(),
            outcome(row),
            clock(elapsed()),
            clock(left()));
    out.println(terminal ? "\r\u001b[K" + line : line);
  }

  private static String outcome(Row row) {
    if (!row.ok()) {
      return "FAILED: " + row.failure();
    }
    Figures f = row.figures();
    StringBuilder text = new StringBuilder(Quantity.time(f.timeUs()));
    if (f.gflops() != null) {
      text.append("  ").append(Quantity.gflops(f.gflops()));
    }
    if (f.gbs() != null) {
      text.append("  ").append(Quantity.gbs(f.gbs()));
    }
    if (f.roofPercent() != null) {
      text.append("  ").append(Quantity.percent(f.roofPercent())).append(" of roof");
    }
    return text.toString();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  private Duration left() {
    return elapsed().multipliedBy(rows - done).dividedBy(Math.max(1, done - alreadyDone));
  }

  private static String clock(Duration d) {
    return String.format(Locale.ROOT, "%d:%02d", d.toMinutes(), d.toSecondsPart());
  }
}
