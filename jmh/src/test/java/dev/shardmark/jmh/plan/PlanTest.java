package dev.shardmark.jmh.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.jmh.CoreCount;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanTest {
  private static final SortedMap<String, List<String>> NOTHING = new TreeMap<>();

  @ParameterizedTest
  @EnumSource(Preset.class)
  void everyPresetStartsWithTheRoofsAndRepeatsNoRow(Preset preset) {
    Plan plan = Plan.of(preset, null, NOTHING);
    List<String> names = plan.rows().stream().map(PlannedRow::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names.subList(0, plan.roofCount())).allMatch(name -> name.startsWith("Roof"));
    assertThat(names.subList(plan.roofCount(), names.size()))
        .isNotEmpty()
        .noneMatch(name -> name.startsWith("Roof"));
  }

  @Test
  void aFilterKeepsTheRoofsThatItsRowsAreReadAgainst() {
    Plan plan =
        Plan.of(Preset.QUICK, "shard .*linear=down model=llama-3.1-8b tokens=128 tp=8", NOTHING);
    assertThat(plan.rows()).hasSize(plan.roofCount() + 1);
    assertThat(plan.roofCount()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"LayerBenchmark", "Blocking"})
  void aBenchmarkThatAPresetLeavesOutIsMeasuredWhereAFilterNamesIt(String name) {
    assertThat(Plan.of(Preset.QUICK, null, NOTHING).rows())
        .noneMatch(row -> row.benchmark().contains(name));
    assertThat(Plan.of(Preset.QUICK, name, NOTHING).rows())
        .anyMatch(row -> row.benchmark().contains(name));
  }

  @Test
  void aShardIsIsolatedAndItsWorkIsItsOwn() {
    PlannedRow row = only("shard", "llama-3.1-8b", "down", "8", "512");
    assertThat(row.label()).isEqualTo(Label.ISOLATED);
    assertThat(row.work().flop()).isEqualTo(2L * 512 * 1792 * 4096);
    assertThat(row.work().bytes()).isEqualTo(4L * (512 * 1792 + 1792L * 4096 + 512 * 4096));
    assertThat(row.work().cores()).isEqualTo(1);
  }

  @Test
  void aModelAskedForByNameBringsItsOwnLinears() {
    SortedMap<String, List<String>> mixtral = new TreeMap<>();
    mixtral.put("model", List.of("mixtral-8x7b"));
    assertThat(Plan.of(Preset.QUICK, "shard", mixtral).rows())
        .anyMatch(row -> "expert_down".equals(row.parameters().get("linear")))
        .noneMatch(row -> "down".equals(row.parameters().get("linear")));
  }

  @Test
  void degreesAboveTheCoresAreTimedAsShardsAlone() {
    SortedMap<String, List<String>> tp = new TreeMap<>();
    String above = Integer.toString(Integer.highestOneBit(CoreCount.here()) * 2);
    tp.put("tp", List.of(above));
    assertThat(Plan.of(Preset.SMOKE, "TensorParallel", tp).rows())
        .anyMatch(row -> row.benchmark().equals("TensorParallelBenchmark.shard"))
        .noneMatch(row -> row.benchmark().equals("TensorParallelBenchmark.ranks"));
  }

  @Test
  void longOperationsRunFewerIterationsButNeverNone() {
    assertThat(Preset.QUICK.settings(flop(1, 1), List.of()).iterations()).isEqualTo(5);
    assertThat(Preset.QUICK.settings(flop(1L << 37, 1), List.of()).warmups()).isEqualTo(1);
    assertThat(Preset.QUICK.settings(flop(Long.MAX_VALUE, 1), List.of()).iterations()).isEqualTo(2);
    assertThat(Preset.SMOKE.settings(flop(Long.MAX_VALUE, 1), List.of()).iterations()).isEqualTo(1);
  }

  @Test
  void rowsOnSeveralCoresWarmUpLonger() {
    int alone = Preset.QUICK.settings(flop(1, 1), List.of()).warmups();
    assertThat(Preset.QUICK.settings(flop(1, 2), List.of()).warmups()).isEqualTo(2 * alone);
  }

  private static Workload flop(long flop, int cores) {
    return new Workload(flop, 0, "L1", cores, 0);
  }

  private static PlannedRow only(
      String filter, String model, String linear, String tp, String tokens) {
    SortedMap<String, List<String>> values = new TreeMap<>();
    values.put("model", List.of(model));
    values.put("linear", List.of(linear));
    values.put("tp", List.of(tp));
    values.put("tokens", List.of(tokens));
    List<PlannedRow> rows = Plan.of(Preset.QUICK, filter, values).rows();
    return rows.get(rows.size() - 1);
  }
}
