package dev.shardmark.jmh.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.jmh.plan.Preset;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.unit.Roofline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RowRunnerTest {
  @TempDir Path folder;

  @Test
  void aRowThatDoesNotFitInMemoryFailsWithoutAFork() throws IOException {
    Plan plan = Plan.of(Preset.SMOKE, "Norm", new TreeMap<>());
    PlannedRow right = plan.rows().getLast();
    long tooMuch = 1L << 50;
    PlannedRow large =
        new PlannedRow(right.benchmark(), right.parameters(), right.label(), right.work(), tooMuch);
    try (JmhLog log = new JmhLog(folder.resolve("log"))) {
      Row row = new RowRunner(log).run(large, plan, Roofline.of(List.of()));
      assertThat(row.ok()).isFalse();
      assertThat(row.failure())
          .startsWith("the row needs more memory than this machine has: heapBytes=" + tooMuch);
    }
  }
}
