package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.jmh.plan.TargetPlan;
import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.store.RunFile;
import dev.shardmark.results.targets.Target;
import dev.shardmark.results.targets.TargetRow;
import dev.shardmark.results.targets.TargetRows;
import dev.shardmark.results.targets.TargetTable;
import dev.shardmark.results.targets.TargetsJson;
import dev.shardmark.results.unit.FigureCalculator;
import dev.shardmark.results.unit.Roofline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetsCommandTest {
  private static final Optional<String> ABSENT_HERE = Optional.of(Plan.ABSENT_HERE);

  private static final String TINY =
      """
      {"format": "shardmark-targets", "targets": [{
        "what": "a tiny softmax",
        "benchmark": "SoftmaxBenchmark.normalize",
        "parameters": {"variant": ["vector"], "shape": ["8x8"]},
        "atLeast": 2,
        "against": {"rate": "calls/s", "bestOf": [{"parameters": {"variant": "scalar"}}]}
      }]}
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TargetPlan names = new TargetPlan();
  private Path tiny;
  private Path path;

  @BeforeEach
  void writeTargets() throws IOException {
    tiny = folder.resolve("tiny.json");
    path = folder.resolve("run.json");
    Files.writeString(tiny, TINY);
  }

  @Test
  void everyRowOfTheProjectsTargetsCanBePlanned() throws IOException {
    for (Target target : TargetsCommand.own()) {
      for (TargetRow row : target.rows()) {
        List<TargetRow> rows = new ArrayList<>(target.against().peers(row));
        rows.add(row);
        assertThat(rows)
            .allSatisfy(one -> assertThat(names.problem(one).orElse("")).doesNotContain("="));
      }
    }
  }

  @Test
  void theProjectsTargetsAreAboutItsOwnVectorCode() throws IOException {
    for (Target target : TargetsCommand.own()) {
      assertThat(target.rows())
          .filteredOn(row -> names.problem(row).isEmpty())
          .map(names::name)
          .allMatch(name -> !name.contains("variant=") || name.contains("variant=vector"));
    }
  }

  @Test
  void listsTargetsTheirRowsAndTheTime() {
    assertThat(run("targets", "--list")).isZero();
    assertThat(out.toString()).contains("GEMM 512, 1024, 2048 cubed", ">= 93.0 % of fma", "about");
    assertThat(run("targets", "--list", "--all", "--filter", "GEMV")).isZero();
    assertThat(out.toString())
        .contains("PackedGemmBenchmark.multiply shape=1x4096x4096", "RoofBenchmark.loop");
  }

  @ParameterizedTest
  @CsvSource({"20, 0, met", "60, 1, missed"})
  void judgesARun(double us, int strict, String verdict) {
    record(us, 5);
    assertThat(judge()).isZero();
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= TargetTable.WIDTH);
    assertThat(out.toString())
        .contains("a tiny softmax", ">= 2.00x scalar", "1 target: ", "1 " + verdict);
    assertThat(judge("--strict")).isEqualTo(strict);
  }

  @Test
  void tooFewForksAreNoVerdict() {
    record(20, 3);
    assertThat(judge()).isZero();
    assertThat(out.toString()).contains("not measured [1]", "[1] too few forks: 3 of 5");
    assertThat(judge("--strict")).isEqualTo(3);
  }

  @Test
  void theProjectsTargetsOnAForeignRunAreNotMeasuredAndWhy() {
    record(20, 5);
    assertThat(run("targets", "--run", path.toString())).isZero();
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= TargetTable.WIDTH);
    assertThat(out.toString()).contains("the run has no such row").doesNotContain(" met\n");
  }

  @Test
  void goesOnWithAnInterruptedRun() throws IOException {
    Plan plan = plan(1);
    RunFile file = RunFile.create(path, header(1, plan.rows().size()));
    List<PlannedRow> before = plan.rows().subList(0, plan.rows().size() - 1);
    before.forEach(row -> file.add(timed(row, 20, 1)));
    assertThat(run("bench", "--resume", path.toString())).isEqualTo(2);
    assertThat(run("targets", "--resume", path.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("shardmark targets --resume", "only with its own targets")
        .hasLineCount(2);

    assertThat(run("targets", "--file", tiny.toString(), "--resume", path.toString())).isZero();

    Run done = RunFile.read(path);
    assertThat(done.rows()).hasSize(plan.rows().size()).allMatch(Row::ok);
    assertThat(done.rows().subList(0, before.size()))
        .extracting(row -> row.figures().timeUs())
        .containsOnly(20.0);
    assertThat(done.rows().get(before.size()).settings().forks()).isEqualTo(1);
    assertThat(out.toString())
        .contains("1 fork a row: about", "too few forks: 1 of 5", "1 not measured");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--forks 0 | forks must be in 1..100: forks=0",
        "--forks few | few",
        "--filter ( | filter must be a regular expression: filter=(",
        "--file nowhere.json | there is no such file: file=nowhere.json",
        "--file pom.xml | the document is not complete JSON",
        "--run nowhere.json | there is no such file, path=nowhere.json",
        "--run run.json --forks 5 | --run measures nothing",
        "--resume run.json --filter x | a resumed run keeps its own filter"
      })
  void badInputIsExitCode2(String arguments, String sentence) {
    assertThat(run(("targets " + arguments).split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(sentence);
  }

  @Test
  void aFilterThatMatchesNothingIsExitCode3() {
    assertThat(run("targets", "--filter", "Sparse")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("no target matches the filter: filter=Sparse");
  }

  private Plan plan(int forks) {
    return names.plan(
        TargetRows.matching(TargetsJson.read(TINY.getBytes(StandardCharsets.UTF_8)), null), forks);
  }

  /** A run in which vector code takes {@code us} and scalar code 100 us. */
  private void record(double us, int forks) {
    Run run = header(forks, 0);
    for (PlannedRow row : plan(forks).rows()) {
      run = run.plus(timed(row, row.parameters().containsValue("scalar") ? 100 : us, forks));
    }
    RunFile.create(path, run.withRoofs(List.of(new Roof("fma", null, 1, 100, Roof.GFLOPS))));
  }

  private static Run header(int forks, int rows) {
    TreeMap<String, List<String>> how = new TreeMap<>();
    how.put("forks", List.of(Integer.toString(forks)));
    return Run.started(
        "test",
        Instant.parse("2026-01-02T03:04:05Z"),
        new Request(TargetsCommand.PRESET, null, how, rows),
        new Environment().fingerprint());
  }

  private static Row timed(PlannedRow row, double us, int forks) {
    Metric time = new Metric(Metric.TIME_UNIT, Collections.nCopies(forks, List.of(us)));
    return new Row(
        row.benchmark(),
        row.parameters(),
        row.label(),
        null,
        new Settings(forks, 1, 1, 1, List.of()),
        row.work(),
        time,
        new TreeMap<>(),
        List.of(new Check("test", 0.5)),
        FigureCalculator.figures(time, row.work(), Roofline.of(List.of())));
  }

  private int judge(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("targets", "--run", path.toString(), "--file", tiny.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
