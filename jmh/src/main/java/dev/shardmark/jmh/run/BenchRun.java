package dev.shardmark.jmh.run;

import dev.shardmark.jmh.RoofPoint;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import dev.shardmark.results.unit.Roofline;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Measures the rows of a plan into a run file, each kept as soon as it is finished. */
public final class BenchRun {
  private BenchRun() {}

  /**
   * Measures what the file does not hold yet, and marks it finished.
   *
   * @return rows with figures, of those measured now or before
   * @throws IOException if the log beside the file cannot be written
   */
  public static long measure(
      Plan plan, RunFile file, Path logPath, PrintStream out, boolean terminal) throws IOException {
    Set<String> kept = file.run().rows().stream().map(Row::name).collect(Collectors.toSet());
    List<PlannedRow> missing =
        plan.rows().stream().filter(row -> !kept.contains(row.name())).toList();
    Progress progress =
        new Progress(out, plan.rows().size(), plan.rows().size() - missing.size(), terminal);
    try (JmhLog log = new JmhLog(logPath)) {
      RowRunner runner = new RowRunner(log);
      for (PlannedRow planned : missing) {
        if (!Plan.isRoof(planned.benchmark())) {
          keepRoofs(file);
        }
        progress.measuring(planned.name());
        Row row = runner.run(planned, plan, Roofline.of(file.run().roofs()));
        file.add(row);
        progress.finished(row);
      }
    }
    keepRoofs(file);
    if (file.run().finishedAt() == null) {
      file.finish(Instant.now());
    }
    return file.run().rows().stream().filter(Row::ok).count();
  }

  private static void keepRoofs(RunFile file) {
    if (file.run().roofs().isEmpty()) {
      List<Roof> roofs = roofs(file.run());
      if (!roofs.isEmpty()) {
        file.roofs(roofs);
      }
    }
  }

  /** The ceilings the roof rows of a run come to: what a fork reached, the others could have. */
  private static List<Roof> roofs(Run run) {
    List<Roof> roofs = new ArrayList<>();
    for (Row row : run.rows()) {
      if (Plan.isRoof(row.benchmark()) && row.ok()) {
        String loop = row.parameters().get("loop");
        boolean computes = loop.equals(RoofPoint.FMA);
        double median = computes ? row.figures().gflops() : row.figures().gbs();
        roofs.add(
            new Roof(
                loop,
                computes ? null : row.parameters().get("level"),
                row.work().cores(),
                median * row.figures().timeUs() / row.figures().bestForkUs(),
                computes ? Roof.GFLOPS : Roof.GBS));
      }
    }
    return roofs;
  }
}
