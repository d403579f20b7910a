package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.claims.Fact;
import dev.shardmark.results.claims.HandMade;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class ClaimsSectionTest {
  private static final Row ONE = HandMade.row("Shard.pipeline", "degree=1 " + rest(), 10.0);
  private static final Row TWO = HandMade.row("Shard.pipeline", "degree=2 " + rest(), 10.5);

  private static String rest() {
    return "model=llama-3.1-8b phase=decode tokens=1";
  }

  @Test
  void everyClaimIsALineWithItsVerdict() throws Exception {
    Element section = section(new Report(HandMade.run(ONE, TWO)));
    assertThat(Pages.elements(section, "tr")).hasSize(104);
    assertThat(text(line(section, "c55"))).contains("holds", "1.05x, at least 0.95, at most 1.2");
    assertThat(text(line(section, "c07"))).contains("undecided", "needs a backward pass");
    assertThat(text(line(section, "c20"))).contains("not measurable here", "see ");
  }

  @Test
  void aVerdictLinksToItsRows() throws Exception {
    Run run = HandMade.run(HandMade.row("Other.play", "", 1.0), TWO, ONE);
    Document page = Pages.parse(new Report(run).html());
    List<Element> links = Pages.elements(line(section(new Report(run)), "c55"), "a");
    assertThat(links)
        .extracting(link -> link.getAttribute("href"))
        .containsExactly("#row1", "#row2");
    assertThat(links).extracting(Element::getTextContent).containsExactly(TWO.name(), ONE.name());
    for (Element link : links) {
      String anchor = link.getAttribute("href").substring(1);
      assertThat(Pages.elements(page.getDocumentElement(), "tr"))
          .filteredOn(row -> row.getAttribute("id").equals(anchor))
          .singleElement()
          .extracting(row -> row.getAttribute("data-benchmark"))
          .isEqualTo("Shard.pipeline");
    }
  }

  @Test
  void factsDecideWhereTheReportHasThem() throws Exception {
    Run run = HandMade.run();
    assertThat(text(line(section(new Report(run)), "c68"))).contains("undecided");
    TreeMap<String, String> all = new TreeMap<>(Map.of("of", "all"));
    Fact fact = new Fact("Training.stateBytes", all, 16, "B", Label.MODELLED);
    assertThat(text(line(section(new Report(run, List.of(fact))), "c68")))
        .contains("holds", "16 B, at least 16, at most 18", "Training.stateBytes", "MODELLED");
  }

  private static Element section(Report report) throws Exception {
    return Pages.elements(Pages.parse(report.html()).getDocumentElement(), "section").stream()
        .filter(section -> section.getAttribute("id").equals("claims"))
        .findFirst()
        .orElseThrow();
  }

  private static Element line(Element section, String id) {
    return Pages.elements(section, "tr").stream()
        .filter(line -> line.getAttribute("id").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static String text(Element element) {
    return element.getTextContent().replace('\n', ' ');
  }
}
