package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.jmh.plan.Preset;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was cut off is completed, and what it had is left as it was. */
final class ResumeTest {
  private static final String FILTER = "shape=512x512x512 variant=vector";

  @TempDir Path folder;

  @Test
  void measuresOnlyTheMissingRow() {
    Path path = folder.resolve("run.json");
    Plan plan = Plan.of(Preset.SMOKE, FILTER, new TreeMap<>());
    RunFile file = RunFile.create(path, header(new Environment().fingerprint(), plan));
    List<PlannedRow> before = plan.rows().subList(0, plan.rows().size() - 1);
    before.forEach(row -> file.add(failed(row)));

    assertThat(resume(path)).isZero();

    Run run = RunFile.read(path);
    assertThat(run.rows()).hasSize(plan.rows().size());
    assertThat(run.rows().subList(0, before.size()))
        .containsExactlyElementsOf(before.stream().map(ResumeTest::failed).toList());
    Row measured = run.rows().get(before.size());
    assertThat(measured.failure()).isNull();
    assertThat(measured.figures().timeUs()).isPositive();
    assertThat(measured.checks()).isNotEmpty().allMatch(check -> check.passed());
    assertThat(run.finishedAt()).isNotNull();
    assertThat(folder.resolve("run.html")).content().contains("512x512x512");
  }

  @Test
  void refusesToGoOnOnAnotherMachine() throws Exception {
    Path path = folder.resolve("run.json");
    Plan plan = Plan.of(Preset.SMOKE, FILTER, new TreeMap<>());
    Fingerprint here = new Environment().fingerprint();
    TreeMap<String, String> machine = new TreeMap<>(here.machine());
    machine.put("cpu.model", "another");
    RunFile.create(
        path, header(new Fingerprint(machine, here.jvm(), here.build(), here.context()), plan));
    String text = Files.readString(path);
    assertThat(resume(path)).isEqualTo(2);
    assertThat(path).hasContent(text);
  }

  private static Run header(Fingerprint fingerprint, Plan plan) {
    Request request = new Request("smoke", FILTER, new TreeMap<>(), plan.rows().size());
    return Run.started("test", Instant.parse("2026-01-02T03:04:05Z"), request, fingerprint);
  }

  private static Row failed(PlannedRow row) {
    return new Row(
        row.benchmark(),
        row.parameters(),
        row.label(),
        "not measured in this test",
        Preset.SMOKE.settings(row.work(), List.of()),
        row.work(),
        null,
        new TreeMap<>(),
        List.of(),
        null);
  }

  private static int resume(Path path) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return Main.run(nowhere, nowhere, "bench", "--resume", path.toString());
  }
}
