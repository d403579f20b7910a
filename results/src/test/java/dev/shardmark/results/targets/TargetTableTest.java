package dev.shardmark.results.targets;

import static dev.shardmark.results.targets.HandMade.five;
import static dev.shardmark.results.targets.HandMade.peers;
import static dev.shardmark.results.targets.HandMade.row;
import static dev.shardmark.results.targets.HandMade.run;
import static dev.shardmark.results.targets.HandMade.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Run;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TargetTableTest {
  @Test
  void aLineATargetThenEachReasonOnce() {
    Run run =
        run(
            row("own", "1x1", five(50)),
            row("blas", "1x1", five(100)),
            row("own", "2x2", five(100.2)),
            row("blas", "2x2", five(100)));
    assertThat(lines(run, false))
        .containsExactly(
            "target  goal                measured  met  worst row  verdict",
            "toys    >= 1.00x blas       0.99x     1/2  2x2        missed",
            "toys    >= 2.00x blas       2.00x     1/1             met",
            "toys    >= 1.00x best peer  2.00x     0/1             not measured [1]",
            "toys    >= 50.0 % of fma    -         0/2             not measured [2]",
            "",
            "[1] dnn: the run has no such row",
            "[2] the run has no fma roof",
            "",
            "4 targets: 1 met, 1 missed, 2 not measured");
    assertThat(lines(run, true))
        .containsSubsequence(
            "toys    >= 1.00x blas       0.99x     1/2  2x2        missed",
            "    1x1  2.00x  met     20.0 GFLOP/s, blas 10.0 GFLOP/s",
            "    2x2  0.99x  missed  9.98 GFLOP/s, blas 10.0 GFLOP/s",
            "toys    >= 2.00x blas       2.00x     1/1             met");
  }

  @Test
  void noLineIsWiderThanTheTable() {
    String shape = "9".repeat(90);
    Run run = run(row("own", shape, five(50)));
    String peer = "p".repeat(40);
    List<TargetResult> results =
        new Judge(run, HandMade.NAMES)
            .judge(
                TargetRows.matching(List.of(target(1, peers(peer), shape, "w".repeat(150))), null));
    assertThat(new TargetTable(results.stream().map(TargetResult::outcome).toList(), true).lines())
        .allMatch(line -> line.length() <= TargetTable.WIDTH)
        .anyMatch(line -> line.startsWith("[1]"));
  }

  private static List<String> lines(Run run, boolean all) {
    List<TargetResult> results =
        new Judge(run, HandMade.NAMES)
            .judge(
                TargetRows.matching(
                    List.of(
                        target(1, peers("blas"), "1x1", "2x2"),
                        target(2, peers("blas"), "1x1"),
                        target(1, peers("blas", "dnn"), "1x1"),
                        target(0.5, new RoofShare("fma", null), "1x1", "2x2")),
                    null));
    return new TargetTable(results.stream().map(TargetResult::outcome).toList(), all).lines();
  }
}
