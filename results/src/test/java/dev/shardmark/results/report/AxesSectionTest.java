package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class AxesSectionTest {
  private final Run run = ExampleAxes.run();

  @Test
  void everyAxisHasAPageAndALinkToIt() throws Exception {
    Element section = Pages.section(run, "axes");
    List<String> links =
        Pages.elements(Pages.withClass(section, "pages").getFirst(), "a").stream()
            .map(link -> link.getAttribute("href").substring(1))
            .toList();
    assertThat(links)
        .containsExactly(
            "axes-tensor",
            "axes-sequence",
            "axes-expert",
            "axes-context",
            "axes-pipeline",
            "axes-data",
            "axes-beside");
    assertThat(Pages.withClass(section, "axis-page").stream().map(e -> e.getAttribute("id")))
        .containsExactlyElementsOf(links);
  }

  @Test
  void anAxisThatWasNotRunHasNone() throws Exception {
    Run one = changed(r -> r.benchmark().equals("Shard.context") ? Stream.of(r) : Stream.empty());
    Element section = Pages.section(one, "axes");
    assertThat(Pages.withClass(section, "axis-page")).hasSize(1);
    assertThat(section.getTextContent()).doesNotContain("Side by side");
  }

  @Test
  void aPageAnswersFourQuestionsInWordsAndBytes() throws Exception {
    String tensor = page("axes-tensor").getTextContent();
    assertThat(tensor)
        .contains(
            "What is split?heads, columns and rows",
            "What is pipelined?nothing",
            "Who says how much to whom?every rank to its whole group",
            "prefill, all_reduce",
            "decode, all_reduce",
            "2 ranks are 1.92× as fast as one with 512 tokens (prefill, all_reduce, shared)");
    List<String> cells = cells(page("axes-tensor"), "prefill", "2");
    assertThat(cells)
        .containsExactly(
            "prefill",
            "all_reduce",
            "2",
            "100\u202f%",
            "416\u202fMiB",
            "32\u202fKiB",
            "4\u202fKiB",
            "counted 32\u202fKiB",
            "counted 2\u202fMiB",
            "counted 16\u202fMiB");
    assertThat(cells(page("axes-tensor"), "prefill", "8")).contains("28\u202fMiB");
  }

  @Test
  void whatIsCountedOtherwiseThanTheFormulaSaysIsFlagged() throws Exception {
    Run wrong =
        changed(
            row -> Stream.of(isReal(row, 64) ? with(row, Names.SENT_BYTES, 3 * 1024 * 1024) : row));
    Element page = page(wrong, "axes-tensor");
    assertThat(cells(page, "prefill", "2")).contains("counted 3\u202fMiB 2\u202fMiB");
    assertThat(Pages.withClass(page, "flag")).isNotEmpty();
    assertThat(Pages.withClass(page("axes-tensor"), "flag")).isEmpty();
  }

  @Test
  void everyShardIsAPointOfIntensityAndOfWhatItSends() throws Exception {
    Element page = page("axes-pipeline");
    int shards = 2 * ExampleAxes.TOKENS.size() * ExampleAxes.DEGREES.size();
    int silent = 2 * ExampleAxes.TOKENS.size(); // one rank sends nothing
    int counted = 2 * 2 * ExampleAxes.TOKENS.size();
    assertThat(Pages.elements(page, "path").stream().filter(AxesSectionTest::isPoint))
        .hasSize(shards + shards - silent + counted);
  }

  @Test
  void axesLieSideBySideInTheWayThatRealRanksRanFastest() throws Exception {
    String beside = page("axes-beside").getTextContent();
    assertThat(beside)
        .contains(
            "llama-3.1-8b, prefill",
            "Context (zigzag)",
            "Speed-up of 2 ranks with 512 tokens: Data (replicas) 1.97×, Tensor (all_reduce) 1.92×",
            "At degree 8 with 512 tokens: Tensor 196\u202fflop/byte, Sequence 196\u202fflop/byte,"
                + " Context 31.8\u202fflop/byte",
            "Also measured: mixtral-8x7b, prefill",
            "Expert (dropless)")
        .doesNotContain("Context (ring)");
    assertThat(new Report(run).html()).contains("<h2>llama-3.1-8b, prefill</h2>");
  }

  @Test
  void dataParallelismOfADenseModelSendsNothing() throws Exception {
    assertThat(page("axes-data").getTextContent()).contains("No rank sends anything.");
  }

  static Stream<String> metrics() {
    return ExampleAxes.run().rows().stream()
        .flatMap(row -> row.metrics().keySet().stream())
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void aMetricThatIsMissingOrHasNoSamplesBreaksNothing(String name) throws Exception {
    for (Metric metric :
        new Metric[] {null, new Metric("B", List.of()), new Metric("B", List.of(List.of()))}) {
      Run less = changed(row -> Stream.of(with(row, name, metric)));
      Pages.parse(new Report(less).html());
      assertThat(new Report(less).html()).doesNotContain("NaN", "Infinity", "null");
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-300, 1e300})
  void neitherDoAnyValues(double value) throws Exception {
    Run odd =
        changed(
            row -> {
              Row changed = row;
              for (String name : row.metrics().keySet()) {
                changed = with(changed, name, value);
              }
              return Stream.of(changed);
            });
    Pages.parse(new Report(odd).html());
    assertThat(new Report(odd).html()).doesNotContain("NaN", "Infinity", "null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "degree", "tokens", "phase", "transport"})
  void aRowThatDoesNotSayWhatItIsIsLeftOut(String parameter) {
    Row row = run.rows().getFirst();
    SortedMap<String, String> parameters = new TreeMap<>(row.parameters());
    parameters.remove(parameter);
    assertThat(AxisRow.of(ExampleAxes.run(List.of(with(row, parameters))))).isEmpty();
    parameters.put(parameter, "0");
    assertThat(AxisRow.of(ExampleAxes.run(List.of(with(row, parameters)))))
        .hasSize(parameter.equals("degree") || parameter.equals("tokens") ? 0 : 1);
  }

  @Test
  void aWayIsTheSchemeAndWhateverElseWasVaried() {
    Row row = run.rows().getFirst();
    SortedMap<String, String> parameters = new TreeMap<>(row.parameters());
    parameters.put("skew", "zipf");
    Run two = ExampleAxes.run(List.of(row, with(row, parameters)));
    assertThat(AxisRow.of(two).stream().map(AxisRow::panel))
        .containsExactly("decode, all_reduce", "decode, all_reduce, skew=zipf");
    parameters.remove(Names.SCHEME);
    assertThat(AxisRow.of(ExampleAxes.run(List.of(with(row, parameters)))).getFirst().panel())
        .isEqualTo("decode, skew=zipf");
  }

  @Test
  void aRunWithoutOneSaysSo() throws Exception {
    for (Run other : List.of(Example.empty(), Example.full(), ExampleSweep.run())) {
      Element section = Pages.section(other, "axes");
      assertThat(section.getTextContent()).contains("were not part of this run");
      assertThat(Pages.withClass(section, "axis-page")).isEmpty();
    }
  }

  private Element page(String id) throws Exception {
    return page(run, id);
  }

  private static Element page(Run run, String id) throws Exception {
    return Pages.withClass(Pages.section(run, "axes"), "axis-page").stream()
        .filter(page -> page.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** The first row of a table that is of the phase and the degree. */
  private static List<String> cells(Element page, String phase, String degree) {
    return Pages.elements(page, "tr").stream()
        .map(row -> Stream.concat(text(row, "th"), text(row, "td")).toList())
        .filter(row -> row.size() > 2 && row.get(0).equals(phase) && row.get(2).equals(degree))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> text(Element row, String tag) {
    return Pages.elements(row, tag).stream().map(Element::getTextContent);
  }

  private static boolean isPoint(Element path) {
    return path.getAttribute("class").contains("point");
  }

  private static boolean isReal(Row row, int tokens) {
    return row.metrics().containsKey(Names.COMPUTE_US)
        && row.parameters().get(Names.TOKENS).equals("" + tokens);
  }

  private Run changed(Function<Row, Stream<Row>> change) {
    return ExampleAxes.run(run.rows().stream().flatMap(change).toList());
  }

  private static Row with(Row row, String metric, double value) {
    return with(row, metric, new Metric("B", List.of(List.of(value))));
  }

  /** The row with another metric; null takes it away. */
  private static Row with(Row row, String name, Metric metric) {
    SortedMap<String, Metric> metrics = new TreeMap<>(row.metrics());
    metrics.remove(name);
    if (metric != null) {
      metrics.put(name, metric);
    }
    return with(row, row.parameters(), metrics);
  }

  private static Row with(Row row, SortedMap<String, String> parameters) {
    return with(row, parameters, row.metrics());
  }

  private static Row with(
      Row row, SortedMap<String, String> parameters, SortedMap<String, Metric> metrics) {
    return new Row(
        row.benchmark(),
        parameters,
        row.label(),
        row.failure(),
        row.settings(),
        row.work(),
        row.time(),
        metrics,
        row.checks(),
        row.figures());
  }
}
