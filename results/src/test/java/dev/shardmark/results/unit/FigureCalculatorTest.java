package dev.shardmark.results.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.results.format.ExampleRun;
import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Workload;
import java.util.List;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.Test;

class FigureCalculatorTest {
  private static final Roofline NO_ROOFS = Roofline.of(List.of());
  private final Metric time =
      new Metric("us/op", List.of(List.of(50.0), List.of(40.0), List.of(80.0)));

  @Test
  void relatesTimeWorkAndRoofs() {
    Roofline roofline =
        Roofline.of(
            List.of(
                new Roof("fma", null, 1, 100, Roof.GFLOPS),
                new Roof("read", "L2", 1, 10, Roof.GBS)));

    Figures figures =
        FigureCalculator.figures(time, new Workload(2_000_000, 100_000, "L2", 1, 0), roofline);

    // 2e6 flop in 50 us; the roofs allow 20 us of arithmetic and 10 us of traffic.
    assertThat(figures).isEqualTo(new Figures(50, 40, 80, 40.0, 2.0, 20.0, 40.0, "compute"));
  }

  @Test
  void leavesOutWhatCannotBeSaid() {
    assertThat(FigureCalculator.figures(time, null, NO_ROOFS))
        .isEqualTo(new Figures(50, 40, 80, null, null, null, null, null));
    assertThat(FigureCalculator.figures(time, new Workload(0, 0, "L2", 1, 0), NO_ROOFS))
        .isEqualTo(new Figures(50, 40, 80, null, null, null, null, null));
    assertThat(FigureCalculator.figures(time, new Workload(0, 50_000, "L2", 1, 0), NO_ROOFS))
        .isEqualTo(new Figures(50, 40, 80, null, 1.0, 0.0, null, null));
    assertThat(FigureCalculator.figures(time, new Workload(50_000, 0, "L2", 1, 0), NO_ROOFS))
        .isEqualTo(new Figures(50, 40, 80, 1.0, null, null, null, null));
  }

  @Test
  void agreesWithTheFiguresWorkedOutByHandInTheExampleRun() {
    Run run = ExampleRun.full();
    Roofline roofline = Roofline.of(run.roofs());

    assertThat(run.rows().stream().filter(Row::ok))
        .allSatisfy(
            row ->
                assertThat(FigureCalculator.figures(row.time(), row.work(), roofline))
                    .usingRecursiveComparison()
                    .withComparatorForType(new DoubleComparator(1e-9), Double.class)
                    .isEqualTo(row.figures()));
  }

  @Test
  void refusesOtherUnitsAndTimesThatAreNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FigureCalculator.figures(new Metric("B/op", List.of(List.of(1.0))), null, NO_ROOFS))
        .withMessage("time must be in us/op: unit=B/op");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FigureCalculator.figures(
                    new Metric("us/op", List.of(List.of(0.0))), null, NO_ROOFS))
        .withMessage("timeUs must be positive and finite: timeUs=0.0");
  }
}
