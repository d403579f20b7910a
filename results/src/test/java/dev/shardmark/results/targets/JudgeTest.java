package dev.shardmark.results.targets;

import static dev.shardmark.results.targets.HandMade.failed;
import static dev.shardmark.results.targets.HandMade.five;
import static dev.shardmark.results.targets.HandMade.judge;
import static dev.shardmark.results.targets.HandMade.peers;
import static dev.shardmark.results.targets.HandMade.row;
import static dev.shardmark.results.targets.HandMade.run;
import static dev.shardmark.results.targets.HandMade.target;
import static dev.shardmark.results.targets.HandMade.withRoofs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JudgeTest {
  @ParameterizedTest
  @CsvSource({"50, MET, 2", "100, MET, 1", "100.1, MISSED, 0.999", "400, MISSED, 0.25"})
  void comparesWithTheFastestPeer(double us, Verdict verdict, double figure) {
    Run run =
        run(
            row("own", "1", five(us)),
            row("blas", "1", five(100)),
            row("dnn", "1", five(300)),
            row("own", "2", five(1)));
    Judgement row = only(judge(run, target(1, peers("blas", "dnn"), "1")));
    assertThat(row.verdict()).isEqualTo(verdict);
    assertThat(row.figure()).isCloseTo(figure, within(1e-3));
    assertThat(row.detail()).contains("blas 10.0 GFLOP/s");
  }

  @Test
  void takesTheMedianOverForks() {
    Run run = run(row("own", "1", 90.0, 90.0, 90.0, 900.0, 900.0), row("blas", "1", five(100)));
    assertThat(judge(run, target(1, peers("blas"), "1")).outcome().verdict())
        .isEqualTo(Verdict.MET);
  }

  @Test
  void aMissingPeerIsNeverPassedButCanBeMissed() {
    Target both = target(1, peers("blas", "dnn"), "1");
    Judgement fast = only(judge(run(row("own", "1", five(50)), row("blas", "1", five(100))), both));
    assertThat(fast.verdict()).isEqualTo(Verdict.NOT_MEASURED);
    assertThat(fast.figure()).isEqualTo(2);
    assertThat(fast.reason()).isEqualTo("dnn: the run has no such row");
    Judgement slow =
        only(judge(run(row("own", "1", five(200)), row("blas", "1", five(100))), both));
    assertThat(slow.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(slow.reason()).isNull();
  }

  @Test
  void withoutAnyPeerNothingIsSaid() {
    assertNotMeasured(
        run(row("own", "1", five(50)), failed("blas", "1")),
        peers("blas"),
        "blas: the row failed: out of paper");
  }

  @Test
  void fewerThanFiveForksGiveNoVerdictOnEitherSide() {
    assertNotMeasured(
        run(row("own", "1", 50.0, 50.0, 50.0), row("blas", "1", five(100))),
        peers("blas"),
        "too few forks: 3 of 5");
    assertNotMeasured(
        run(row("own", "1", five(50)), row("blas", "1", 1e9, 1e9, 1e9, 1e9)),
        peers("blas"),
        "blas: too few forks: 4 of 5");
  }

  @Test
  void aForkWithoutSamplesIsNoFork() {
    Row whole = row("own", "1", five(50));
    List<List<Double>> samples = new ArrayList<>(whole.time().samples());
    samples.set(0, List.of());
    Row broken =
        new Row(
            whole.benchmark(),
            whole.parameters(),
            whole.label(),
            null,
            whole.settings(),
            whole.work(),
            new Metric("us/op", samples),
            whole.metrics(),
            whole.checks(),
            whole.figures());
    assertNotMeasured(
        run(broken, row("blas", "1", five(100))), peers("blas"), "too few forks: 4 of 5");
  }

  @Test
  void aRowIsWorthNothingWithoutAPassedCheck() {
    for (List<Check> checks :
        List.of(
            List.of(new Check("toy", Double.NaN)),
            List.of(new Check("toy", 0.1), new Check("other", 1.01)))) {
      assertNotMeasured(
          run(row("own", "1", checks, five(50)), row("blas", "1", five(100))),
          peers("blas"),
          "its check failed");
    }
    assertNotMeasured(
        run(row("own", "1", List.of(), five(50)), row("blas", "1", five(100))),
        peers("blas"),
        "nothing checked its result");
    assertNotMeasured(
        run(row("own", "1", List.of(new Check("toy", null)), five(50))),
        new RoofShare("fma", null),
        "its check failed");
  }

  @Test
  void aFailedOrUnknownRowIsNotMeasured() {
    assertNotMeasured(run(failed("own", "1")), peers("blas"), "the row failed: out of paper");
    assertNotMeasured(run(), peers("blas"), "the run has no such row");
    Target unknown =
        new Target("x", "NoBenchmark.at", new TreeMap<>(), 1, new RoofShare("fma", null));
    assertThat(only(judge(run(), unknown)).reason()).isEqualTo("there is no such benchmark");
  }

  @Test
  void aRoofIsThatOfTheRowsCoresAndLevel() {
    Run run = withRoofs(run(row("own", "1", five(12.5)))); // 80 GFLOP/s, 8 GB/s
    Judgement compute = only(judge(run, target(0.8, new RoofShare("fma", null), "1")));
    assertThat(compute.figure()).isCloseTo(0.8, within(1e-12));
    assertThat(compute.detail()).isEqualTo("80.0 GFLOP/s, roof 100 GFLOP/s");
    Judgement own = only(judge(run, target(0.85, new RoofShare("read", null), "1")));
    assertThat(own.figure()).isCloseTo(0.8, within(1e-12));
    assertThat(own.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(judge(run, target(0.75, new RoofShare("read", "DRAM"), "1")).outcome().verdict())
        .isEqualTo(Verdict.MET);
  }

  @Test
  void withoutItsRoofARowIsNotMeasured() {
    Run run = run(row("own", "1", five(12.5)));
    assertNotMeasured(run, new RoofShare("fma", null), "the run has no fma roof");
    assertNotMeasured(
        withRoofs(run), new RoofShare("copy", "DRAM"), "the run has no copy roof of DRAM");
    assertNotMeasured(
        withRoofs(run),
        new RoofShare("read", "L2"),
        "its operands come from DRAM here, not from L2");
  }

  @Test
  void anAbsoluteFigureHoldsOnItsOwnMachineAlone() {
    Run run = run(row("own", "1", five(50))); // 20000 calls a second
    Absolute here = new Absolute("token", 100, new TreeMap<>(Map.of("cpu.model", "Toy")));
    assertThat(judge(run, target(2e6, here, "1")).outcome().verdict()).isEqualTo(Verdict.MET);
    assertThat(judge(run, target(2.1e6, here, "1")).outcome().verdict()).isEqualTo(Verdict.MISSED);
    Absolute there = new Absolute("token", 100, new TreeMap<>(Map.of("cpu.model", "Other")));
    assertNotMeasured(run, there, "the figure is of another machine: {cpu.model=Other}");
  }

  @Test
  void aSweepIsAsGoodAsItsWorstRow() {
    Target sweep = target(1, peers("blas"), "1", "2", "3");
    Row[] rows = {
      row("own", "1", five(50)), row("blas", "1", five(100)),
      row("own", "2", five(80)), row("blas", "2", five(100)),
      row("own", "3", five(200)), row("blas", "3", five(100))
    };
    TargetResult missed = judge(run(rows), sweep);
    assertThat(missed.outcome().verdict()).isEqualTo(Verdict.MISSED);
    assertThat(missed.outcome().count(Verdict.MET)).isEqualTo(2);
    assertThat(missed.outcome().worst().orElseThrow().name()).isEqualTo("3");
    TargetResult open = judge(run(rows[0], rows[1], rows[2], rows[3], rows[4]), sweep);
    assertThat(open.outcome().verdict()).isEqualTo(Verdict.NOT_MEASURED);
    assertThat(open.outcome().reasons()).containsExactly("blas: the run has no such row");
  }

  @Test
  void aFilterTakesTargetsByTheirWordsAndRowsByTheirNames() {
    Target sweep = target(1, peers("blas"), "64x64", "8x8");
    assertThat(TargetRows.matching(List.of(sweep), "toys").get(0).rows()).hasSize(2);
    assertThat(TargetRows.matching(List.of(sweep), "shape=8x").get(0).rows()).hasSize(1);
    assertThat(TargetRows.matching(List.of(sweep), "tops")).isEmpty();
  }

  private static void assertNotMeasured(Run run, Yardstick against, String reason) {
    TargetResult result = judge(run, target(1e-9, against, "1"));
    assertThat(result.outcome().verdict()).isEqualTo(Verdict.NOT_MEASURED);
    assertThat(only(result).reason()).isEqualTo(reason);
  }

  private static Judgement only(TargetResult result) {
    assertThat(result.rows()).hasSize(1);
    return result.rows().get(0);
  }
}
