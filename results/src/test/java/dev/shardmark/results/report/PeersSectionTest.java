package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Run;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class PeersSectionTest {
  @Test
  void everyRowThatHasAnAlternativeIsThereOnce() throws Exception {
    Run run = ExampleKernels.run();
    int rows = Alternatives.of(run).stream().mapToInt(work -> work.rows().size()).sum();
    assertThat(lines(Pages.section(run, "peers"))).hasSize(rows);
    assertThat(rows).isGreaterThan(140);
  }

  @Test
  void librariesComeFirstAndAreOpen() throws Exception {
    List<Element> benchmarks =
        Pages.elements(Pages.section(ExampleKernels.run(), "peers"), "details");
    assertThat(benchmarks)
        .extracting(e -> Pages.elements(e, "h3").getFirst().getTextContent())
        .startsWith("GemmBenchmark.multiply", "ActivationBenchmark.apply")
        .endsWith("AttentionDecodeBenchmark.attend", "PackedGemmBenchmark.multiply");
    assertThat(benchmarks).extracting(e -> e.hasAttribute("open")).startsWith(true, false);
  }

  @Test
  void theBestPeerIsNamedAndTheFastestIsFirst() throws Exception {
    Element section = Pages.section(ExampleKernels.run(), "peers");
    assertThat(lines(section))
        .startsWith(
            "shape=127x511x1023|openblas||2.21 ms|60.1 GFLOP/s|best peer|83.0 %|+6.15 %",
            "vector collapsed fork||2.35 ms|56.5 GFLOP/s|0.940× openblas|78.0 %|+4068 %",
            "scalar||59.2 ms|2.24 GFLOP/s|0.037× openblas|3.10 %|+4.11 %",
            "shape=512x512x512|vector||3.99 ms|67.3 GFLOP/s|1.03× openblas|93.0 %|+1.52 %");
    assertThat(Pages.withClass(section, "n behind"))
        .extracting(Element::getTextContent)
        .containsExactly("0.940× openblas");
  }

  @Test
  void theSummaryCountsAndNamesTheEnds() throws Exception {
    assertThat(Pages.section(ExampleKernels.run(), "peers").getTextContent())
        .contains(
            "at least as fast as the best library (openblas) in 3 of 4 works: 0.940×"
                + " (GemmBenchmark.multiply shape=127x511x1023) to 1.03× (",
            "0.940× to 1.03× openblas, at least 1× in 3 of 4 1 flagged");
  }

  @Test
  void librariesThatAreNotInTheRunAreSaid() throws Exception {
    assertThat(Pages.section(ExampleKernels.run(), "peers").getTextContent())
        .contains(
            "onednnunavailable: libdnnl not found on the class path",
            "netlib 3.2.0, VectorBLAS: here, but no row of this run has it",
            "OpenBLAS 0.3.31, kernels for Zen: 4 rows");
    assertThat(Pages.section(Example.full(), "peers").getTextContent())
        .contains("The run does not say which libraries its machine has.");
  }

  @Test
  void aRowThatFailedIsBelowTheOthersWithItsReason() throws Exception {
    assertThat(lines(Pages.section(Example.full(), "peers")))
        .contains("openblas failed|variant=openblas: libopenblas not found on the library path");
  }

  @Test
  void workWithoutFlopAndBytesIsCountedInCalls() throws Exception {
    assertThat(Pages.section(ExampleKernels.run(), "peers").getTextContent())
        .contains("1.11\u202fMcall/s", "allreduce=ring");
  }

  @Test
  void aRunWithoutAlternativesSaysSo() throws Exception {
    for (Run run : List.of(Example.empty(), Example.failedOnly())) {
      assertThat(Pages.section(run, "peers").getTextContent())
          .contains("No work was measured in more than one way.");
    }
  }

  @Test
  void rowsWithoutArithmeticAreInATableOfTheirOwn() throws Exception {
    Run run = ExampleKernels.run();
    long moving =
        Rows.kernels(run).stream()
            .map(row -> row.figures())
            .filter(f -> f.gflops() == null && f.gbs() != null)
            .count();
    Element table = Pages.withClass(Pages.section(run, "roofs"), "scroll traffic").getFirst();
    assertThat(Pages.elements(table, "tr")).hasSize((int) moving + 1);
  }

  /** Rows of the tables, cells apart by bars. */
  private static List<String> lines(Element section) {
    return Pages.elements(section, "tbody").stream()
        .flatMap(body -> Pages.elements(body, "tr").stream())
        .map(
            line ->
                Pages.elements(line).stream()
                    .filter(e -> e.getTagName().equals("th") || e.getTagName().equals("td"))
                    .map(cell -> cell.getTextContent().replace('\u202f', ' ').strip())
                    .reduce((a, b) -> a + "|" + b)
                    .orElse(""))
        .toList();
  }
}
