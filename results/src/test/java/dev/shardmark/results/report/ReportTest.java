package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.ExampleRun;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ReportTest {
  private static final String HOSTILE = "<script>alert('x')</script>\"&\u0000\u202e]]>";

  static Stream<Run> runs() {
    return Stream.of(
        Example.full(),
        ExampleKernels.run(),
        ExampleSweep.run(),
        ExampleAxes.run(),
        Example.partial(),
        Example.empty(),
        Example.failedOnly(),
        ExampleRun.full(),
        Example.renamed(name -> name + HOSTILE));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void everyRunGivesAWellFormedPageWithEachRowOnce(Run run) throws Exception {
    Document page = Pages.parse(new Report(run).html());
    assertThat(rows(page)).isEqualTo(run.rows().size());
    assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(1);
    assertThat(new Report(run).html()).doesNotContain("NaN", "Infinity", "null");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void nothingIsLoaded(Run run) throws Exception {
    String html = new Report(run).html();
    assertThat(html).doesNotContain("http:", "https:", "url(", "@import");
    Document page = Pages.parse(html);
    for (String tag : new String[] {"img", "iframe", "object", "embed", "base"}) {
      assertThat(page.getElementsByTagName(tag).getLength()).as(tag).isZero();
    }
    for (Element element : Pages.elements(page.getDocumentElement())) {
      assertThat(element.hasAttribute("src")).isFalse();
      assertThat(element.hasAttribute("style")).as("inline style the policy forbids").isFalse();
      IntStream.range(0, element.getAttributes().getLength())
          .mapToObj(i -> element.getAttributes().item(i).getNodeName())
          .forEach(name -> assertThat(name).doesNotStartWith("on"));
      if (element.hasAttribute("href")) {
        assertThat(element.getAttribute("href")).matches("#[a-z-]+[0-9]*|data:,");
      }
    }
  }

  @Test
  void aLayerSaysWhatShareItsProductsHave() throws Exception {
    String html = new Report(Example.full()).html();
    assertThat(html)
        .contains(
            "Matrix products by weights are 90.0\u202f% of the time and 98.0\u202f% of the flop.");
    assertThat(html.indexOf(">down</th>")).isLessThan(html.indexOf(">rope</th>"));
    assertThat(new Report(Example.empty()).html()).contains("Whole layers were not part");
  }

  @Test
  void everyKernelIsADotOfTheRoofline() throws Exception {
    Run run = Example.full();
    long kernels =
        Rows.kernels(run).stream().map(Row::figures).filter(f -> f.gflops() != null).count();
    Document page = Pages.parse(new Report(run).html());
    Element roofline = Pages.withClass(page, "plot roofline");
    assertThat(titles(roofline)).isEqualTo((int) kernels);
    assertThat(new Report(run).html())
        .contains("DRAM read: 25.0\u202fGB/s", "FMA: 110\u202fGFLOP/s", "FMA: 220\u202fGFLOP/s");
  }

  @Test
  void everyShardIsAPointOfEachMeasure() throws Exception {
    Run run = Example.full();
    Document page = Pages.parse(new Report(run).html());
    int shards = Shard.of(run, Names.SHARD).size();
    int points = titles((Element) page.getElementsByTagName("main").item(0));
    int roofline = titles(Pages.withClass(page, "plot roofline"));
    long pieces =
        Shard.of(run, Names.RANKS).stream()
            .flatMap(s -> Stream.of(Names.COMPUTE, Names.COMMUNICATION, Names.WAIT).map(s::phaseUs))
            .filter(us -> us > 0)
            .count();
    assertThat(points).isEqualTo((int) (3 * shards + roofline + pieces));
  }

  @Test
  void headlinesComeFromTheRows() {
    String html = new Report(Example.full()).html();
    assertThat(html)
        .contains(
            "At 1 token, TP8 leaves the shard of gate_up bandwidth-bound: 23.4\u202fGB/s, 93.6\u202f% of"
                + " the roof.",
            " At 512 tokens it is compute-bound: 99.7\u202fGFLOP/s",
            "The direct all-reduce costs 1.47\u202f% of the TP2 layer (qkv + o + gate_up + down) at 512 tokens, and 2 ranks are 1.9",
            "1 row above the roof; 1 row with a fork over twice as slow as the best",
            "uncommitted changes",
            "variant=openblas: libopenblas not found on the library path");
  }

  @Test
  void aRunWithoutFiguresSaysSo() {
    assertThat(new Report(Example.empty()).html()).contains("Nothing was measured");
    assertThat(new Report(Example.failedOnly()).html())
        .contains("Nothing was measured", "0 of 2 measured, 2 failed");
    assertThat(new Report(Example.partial()).html()).contains("This run is not finished");
  }

  @Test
  void theSameRunGivesTheSameBytesInEveryLocale(@TempDir Path folder) throws IOException {
    String expected = new Report(Example.full()).html();
    Locale before = Locale.getDefault();
    try {
      for (String locale : new String[] {"de-DE", "ar-EG", "tr-TR", "hi-IN-u-nu-deva"}) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        assertThat(new Report(Example.full()).html()).isEqualTo(expected);
      }
    } finally {
      Locale.setDefault(before);
    }
    Path file = folder.resolve("report.html");
    Report.write(Example.full(), List.of(), file);
    assertThat(file).hasContent(expected);
    assertThat(Files.size(file)).isLessThan(1_500_000);
  }

  private static int titles(Element in) {
    return in.getElementsByTagName("title").getLength();
  }

  private static long rows(Document page) {
    return Pages.elements(page.getDocumentElement()).stream()
        .filter(e -> e.hasAttribute("data-benchmark"))
        .count();
  }
}
