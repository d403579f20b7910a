package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlternativesTest {
  @Test
  void rowsThatDifferInHowDoTheSameWork() {
    Alternatives work =
        only(
            row(9, "shape", "1x2", "variant", "scalar", "algorithm", "selected"),
            row(3, "shape", "1x2", "variant", "vector", "algorithm", "online"),
            row(2, "shape", "1x2", "variant", "vector", "algorithm", "selected"));
    assertThat(work.work()).isEqualTo("shape=1x2");
    assertThat(work.rows())
        .extracting(work::way)
        .containsExactly("algorithm=selected", "algorithm=online", "algorithm=selected");
    assertThat(work.share(work.rows().get(1))).isCloseTo(2 / 3.0, within(1e-12));
  }

  @Test
  void anotherShapeIsOtherWorkAndARowAloneIsNone() {
    assertThat(
            Alternatives.of(
                run(
                    row(1, "shape", "1x2", "variant", "vector"),
                    row(1, "shape", "2x2", "variant", "scalar"))))
        .isEmpty();
  }

  @Test
  void theFastestLibraryIsTheYardstickEvenWhereScalarLoopsAreFaster() {
    Alternatives work =
        only(
            row(1, "variant", "scalar"),
            row(2, "variant", "onednn"),
            row(3, "variant", "openblas"),
            row(4, "variant", "vector"));
    assertThat(Alternatives.variant(work.yardstick())).isEqualTo("onednn");
    assertThat(work.speed(work.ours().orElseThrow())).isEqualTo(0.5);
  }

  @Test
  void oursDiffersFromTheYardstickInTheVariantAlone() {
    Alternatives work =
        only(
            row(1, "variant", "vector", "weights", "int8"),
            row(4, "variant", "vector", "weights", "fp32"),
            row(5, "variant", "onednn", "weights", "fp32"));
    assertThat(work.speed(work.ours().orElseThrow())).isEqualTo(1.25);
  }

  @Test
  void withoutOthersOurFastestIsTheYardstick() {
    Alternatives work =
        only(
            row(5, "variant", "vector", "cache", "paged"),
            row(4, "variant", "vector", "cache", "contiguous"));
    assertThat(work.way(work.yardstick())).isEqualTo("cache=contiguous");
    assertThat(work.ours()).isEmpty();
  }

  @Test
  void cacheBlocksAreWaysToDoTheSameWork() {
    Alternatives work =
        only(
            row(5, "variant", "vector", "blocking", "auto"),
            row(4, "variant", "vector", "blocking", "96x128x1024x2048"));
    assertThat(work.way(work.yardstick())).isEqualTo("blocking=96x128x1024x2048");
  }

  @Test
  void sizesAreInOrderOfTheirNumbers() {
    Run run =
        run(
            row(1, "shape", "16x4096", "variant", "vector"),
            row(2, "shape", "16x4096", "variant", "scalar"),
            row(1, "shape", "2x4096", "variant", "vector"),
            row(2, "shape", "2x4096", "variant", "scalar"));
    assertThat(Alternatives.of(run))
        .extracting(Alternatives::work)
        .containsExactly("shape=2x4096", "shape=16x4096");
  }

  private static Alternatives only(Row... rows) {
    List<Alternatives> works = Alternatives.of(run(rows));
    assertThat(works).hasSize(1);
    return works.getFirst();
  }

  private static Run run(Row... rows) {
    Run run = Example.empty();
    for (Row row : rows) {
      run = run.plus(row);
    }
    return run;
  }

  private static Row row(double us, String... parameters) {
    TreeMap<String, String> named = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      named.put(parameters[i], parameters[i + 1]);
    }
    return Example.row("SomeBenchmark.run", named, new Workload(8, 4, "L1", 1, 0), us, List.of());
  }
}
