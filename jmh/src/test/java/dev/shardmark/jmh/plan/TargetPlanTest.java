package dev.shardmark.jmh.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.results.targets.BestPeer;
import dev.shardmark.results.targets.Peer;
import dev.shardmark.results.targets.Rate;
import dev.shardmark.results.targets.RoofShare;
import dev.shardmark.results.targets.Target;
import dev.shardmark.results.targets.TargetRow;
import dev.shardmark.results.targets.TargetRows;
import dev.shardmark.results.targets.Yardstick;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TargetPlanTest {
  private final TargetPlan plan = new TargetPlan();

  @Test
  void measuresARowAndItsPeersNextToEachOtherAndOnce() {
    List<TargetRows> targets =
        List.of(
            softmax("a", new RoofShare("fma", null), "8x8", "9x9"),
            softmax("b", scalar(), "9x9", "8x8"),
            online("c", "9x9"));

    Plan planned = plan.plan(targets, 7);

    assertThat(planned.roofCount()).isPositive();
    assertThat(planned.rows().subList(0, planned.roofCount()))
        .allMatch(row -> row.work().cores() == 1)
        .allMatch(row -> Plan.isRoof(row.benchmark()));
    assertThat(planned.rows().subList(planned.roofCount(), planned.rows().size()))
        .extracting(PlannedRow::name)
        .containsExactly(
            "SoftmaxBenchmark.normalize algorithm=selected shape=8x8 variant=vector",
            "SoftmaxBenchmark.normalize algorithm=selected shape=8x8 variant=scalar",
            "SoftmaxBenchmark.normalize algorithm=selected shape=9x9 variant=vector",
            "SoftmaxBenchmark.normalize algorithm=selected shape=9x9 variant=scalar",
            "SoftmaxBenchmark.normalize algorithm=online shape=9x9 variant=vector");
    assertThat(planned.settings(planned.rows().get(0), List.of()).forks()).isEqualTo(7);
    assertThat(planned.about()).isPositive();
  }

  @Test
  void leavesOutWhatCannotBeMeasuredAndSaysWhy() {
    TargetRow row = row("SoftmaxBenchmark.normalize", "variant", "abacus");
    assertThat(plan.whyAbsent(row)).startsWith("variant must be one of");
    assertThat(plan.name(row)).contains("algorithm=selected").contains("variant=abacus");
    TargetRow unknown = row("DreamBenchmark.sleep", "variant", "vector");
    assertThat(plan.whyAbsent(unknown))
        .isEqualTo("there is no such benchmark: benchmark=DreamBenchmark.sleep");
    assertThatIllegalArgumentException().isThrownBy(() -> plan.name(unknown));
    assertThat(plan.whyAbsent(row("NormBenchmark.normalize", "colour", "red")))
        .contains("[operation, variant, shape]")
        .endsWith("parameter=colour");
    assertThat(plan.whyAbsent(row("NormBenchmark.normalize", "shape", "8x8")))
        .isEqualTo("the run has no such row");
    Target target =
        new Target("x", "DreamBenchmark.sleep", new TreeMap<>(), 1, new RoofShare("fma", null));
    assertThat(plan.plan(TargetRows.matching(List.of(target), null), 5).rows()).isEmpty();
  }

  private static TargetRow row(String benchmark, String name, String value) {
    return new TargetRow(benchmark, new TreeMap<>(Map.of(name, value)));
  }

  private static TargetRows softmax(String what, Yardstick against, String... shapes) {
    Target target =
        new Target(
            what,
            "SoftmaxBenchmark.normalize",
            new TreeMap<>(Map.of("variant", List.of("vector"), "shape", List.of(shapes))),
            1,
            against);
    return TargetRows.matching(List.of(target), null).get(0);
  }

  /** Another target's row, compared with one that does not name what it leaves at its default. */
  private static TargetRows online(String what, String shape) {
    Target target =
        new Target(
            what,
            "SoftmaxBenchmark.normalize",
            new TreeMap<>(Map.of("algorithm", List.of("online"), "shape", List.of(shape))),
            1,
            new BestPeer(
                Rate.CALLS,
                List.of(new Peer(null, new TreeMap<>(Map.of("algorithm", "selected")), null))));
    return TargetRows.matching(List.of(target), null).get(0);
  }

  private static BestPeer scalar() {
    return new BestPeer(
        Rate.CALLS, List.of(new Peer(null, new TreeMap<>(Map.of("variant", "scalar")), null)));
  }
}
