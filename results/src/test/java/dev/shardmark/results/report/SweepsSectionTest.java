package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.results.format.Run;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class SweepsSectionTest {
  private final Run run = ExampleSweep.run();
  private final String html = new Report(run).html();

  @Test
  void everyRowIsAPointOfItsBandwidthAndItsPercentiles() throws Exception {
    Document page = Pages.parse(html);
    int rows = run.rows().size();
    int fitted = 2 * ExampleSweep.SIZES.size();
    Element main = (Element) page.getElementsByTagName("main").item(0);
    assertThat(main.getElementsByTagName("title").getLength()).isEqualTo(rows * (1 + 5) + fitted);
  }

  @Test
  void theCrossoverLiesWhereBothTakeTheSame() {
    SweepView view = SweepView.of(run).getFirst();
    assertThat(view.isInPlace()).isTrue();
    assertThat(view.bands()).hasSize(2);
    assertThat(view.crossover(1)).isBetween(1024.0, 16384.0).isCloseTo(8192, within(3000.0));
  }

  @Test
  void aCrossoverThatWasNotTimedBelowIsTheSizeItself() {
    SweepView view = SweepView.of(run).getFirst();
    Map<String, List<SweepRow>> direct = Map.of("direct", view.algorithms().get("direct"));
    SweepView alone = new SweepView(view.name(), "", view.group(), direct, view.bands());
    assertThat(alone.crossover(1)).isEqualTo(16384);
    List<SweepRow> above = view.algorithms().get("direct").subList(3, 6);
    SweepView late = new SweepView(view.name(), "", "", Map.of("direct", above), view.bands());
    assertThat(late.crossover(1)).isEqualTo(16384);
  }

  @Test
  void itSaysWhatIsFastestAndWhatAStepCosts() {
    assertThat(html)
        .contains(
            "all_reduce in place, 2 ranks, shared",
            "Fastest is one_shot, from 16\u202fKiB on direct. At most 9.98\u202fGB/s of bus"
                + " bandwidth",
            "alpha 510 ns a step, beta 0.1 ns a byte sent",
            "Also measured: all_reduce out of place");
  }

  @Test
  void aRunWithoutOneSaysSo() {
    assertThat(SweepView.of(Example.full())).isEmpty();
    assertThat(new Report(Example.full()).html()).contains("A sweep of collectives was not part");
  }
}
