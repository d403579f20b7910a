package dev.shardmark.results.claims;

import static dev.shardmark.results.claims.HandMade.decide;
import static dev.shardmark.results.claims.HandMade.fact;
import static dev.shardmark.results.claims.HandMade.failed;
import static dev.shardmark.results.claims.HandMade.metric;
import static dev.shardmark.results.claims.HandMade.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RuleTest {
  private static final String TOY = "Toy.play";

  @Test
  void boundsHoldOrFailAndWithoutRowsNothingIsDecided() {
    Rule rule = cases(time("one", "degree", "1", 2.0, 4.0));
    assertThat(decide(rule, rows(row(TOY, "degree=1", 3.0))).verdict()).isEqualTo(Verdict.HOLDS);
    for (double us : new double[] {1, 5}) {
      assertThat(decide(rule, rows(row(TOY, "degree=1", us))).verdict())
          .isEqualTo(Verdict.DOES_NOT_HOLD);
    }
    Decision open = decide(rule, rows(row(TOY, "degree=2", 3.0)));
    assertThat(open.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(open.condition()).isEqualTo("needs rows of Toy.play (./shardmark play)");
    assertThat(open.outcomes().getFirst().finding().fault()).isEqualTo("rows Toy.play degree=1");
  }

  @Test
  void whatHoldsInSomeCasesHoldsUnderThem() {
    Rule rule = cases(time("one", "degree", "1", 2.0, 4.0), time("two", "degree", "2", 2.0, 4.0));
    Sources some = rows(row(TOY, "degree=1", 9.0), row(TOY, "degree=2", 3.0));
    assertThat(decide(rule, some).verdict()).isEqualTo(Verdict.HOLDS_IF);
    assertThat(decide(rule, some).condition()).isEqualTo("two");
    Rule absolute = new Cases(((Cases) rule).cases(), true, null);
    assertThat(decide(absolute, some).verdict()).isEqualTo(Verdict.DOES_NOT_HOLD);
    assertThat(decide(rule, rows(row(TOY, "degree=1", 9.0))).verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(decide(absolute, rows(row(TOY, "degree=1", 9.0))).verdict())
        .as("one counterexample is enough")
        .isEqualTo(Verdict.DOES_NOT_HOLD);
  }

  @Test
  void forksMustAgree() {
    Rule rule = cases(time("one", "degree", "1", null, 4.0));
    Decision apart = decide(rule, rows(row(TOY, "degree=1", 3.0, 3.5, 5.0)));
    assertThat(apart.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(apart.condition()).contains("forks that agree, not 3.5 us (3 to 5), at most 4");
    assertThat(decide(rule, rows(row(TOY, "degree=1", 3.0, 3.5, 3.9))).verdict())
        .isEqualTo(Verdict.HOLDS);
  }

  @Test
  void aRowThatFailedOrWasNotCheckedOrLacksTheValueDecidesNothing() {
    Rule rule = cases(time("one", "degree", "1", null, 4.0));
    List<Check> wrong = List.of(new Check("toy", Double.NaN));
    Map<Row, String> unsound =
        Map.of(
            failed(TOY, "degree=1"), "the row failed: out of paper",
            row(TOY, "degree=1", Map.of(), List.of(), 3.0), "nothing checked its result",
            row(TOY, "degree=1", Map.of(), wrong, 3.0), "its check failed");
    unsound.forEach(
        (row, reason) -> {
          assertThat(decide(rule, rows(row)).verdict()).isEqualTo(Verdict.UNDECIDED);
          assertThat(decide(rule, rows(row)).condition()).contains(reason);
        });
    Rule wait = cases(value("wait"));
    assertThat(decide(wait, rows(row(TOY, "degree=1", 3.0))).condition())
        .contains("the row has no wait");
  }

  @Test
  void whatIsNoNumberDecidesNothing() {
    Rule ratio = cases(over(over("degree", "1")));
    Sources zero =
        Sources.of(List.of(), List.of(fact(TOY, "degree=2", 1), fact(TOY, "degree=1", 0)));
    assertThat(decide(ratio, zero).verdict()).isEqualTo(Verdict.UNDECIDED);
    Sources none =
        Sources.of(List.of(), List.of(fact(TOY, "degree=2", 0), fact(TOY, "degree=1", 0)));
    assertThat(decide(ratio, none).verdict()).isEqualTo(Verdict.UNDECIDED);
    Rule slope = cases(along());
    Sources zeros =
        Sources.of(
            List.of(),
            List.of(fact(TOY, "degree=1", 0), fact(TOY, "degree=2", 1), fact(TOY, "degree=4", 1)));
    assertThat(decide(slope, zeros).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThatThrownBy(() -> fact(TOY, "degree=1", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRatioIsOfRowsThatAgreeInWhatBothHave() {
    Rule ratio = cases(over(over("degree", "1")));
    Row two = row(TOY, "degree=2 tokens=8", 2.0);
    assertThat(decide(ratio, rows(two, row(TOY, "degree=1 tokens=8", 4.0))).verdict())
        .isEqualTo(Verdict.HOLDS);
    assertThat(decide(ratio, rows(two, row(TOY, "degree=1 tokens=8", 2.0))).verdict())
        .isEqualTo(Verdict.DOES_NOT_HOLD);
    assertThat(decide(ratio, rows(two, row(TOY, "degree=1 tokens=9", 4.0))).verdict())
        .as("another number of tokens")
        .isEqualTo(Verdict.UNDECIDED);
    Sources many =
        rows(two, row(TOY, "degree=1 tokens=8 a=1", 4.0), row(TOY, "degree=1 tokens=8 a=2", 4.0));
    assertThat(decide(ratio, many).condition()).contains("one row to compare with, not 2");
  }

  @Test
  void aRatioMayBeToAnotherBenchmark() {
    Over other = new Over("Other.play", null, List.of("degree"), null);
    Rule ratio = cases(over(other));
    Row own = row(TOY, "degree=2 tokens=8", 2.0);
    assertThat(decide(ratio, rows(own, row("Other.play", "degree=4 tokens=8", 4.0))).verdict())
        .isEqualTo(Verdict.HOLDS);
    assertThat(decide(ratio, rows(own)).condition())
        .startsWith("needs rows of Toy.play, rows of Other.play");
  }

  @Test
  void aTrendIsTheSlopeOfLogarithmsOverThreePoints() {
    Rule slope = cases(along());
    Row one = row(TOY, "degree=1", 8.0);
    Row two = row(TOY, "degree=2", 4.0);
    assertThat(decide(slope, rows(one, two, row(TOY, "degree=4", 2.0))).verdict())
        .isEqualTo(Verdict.HOLDS);
    assertThat(decide(slope, rows(one, two, row(TOY, "degree=4", 8.0))).verdict())
        .isEqualTo(Verdict.DOES_NOT_HOLD);
    assertThat(decide(slope, rows(one, two)).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(decide(slope, rows(one, two, row(TOY, "degree=4 tokens=2", 2.0))).verdict())
        .as("a row that differs in more")
        .isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void eachValueThatIsNamedMustBeThere() {
    Figure both = new Figure(TOY, where("degree", "1", "2"), null, null, null, null, Take.MAX);
    Rule rule = cases(new Case("both", both, null, 4.0, "us"));
    assertThat(decide(rule, rows(row(TOY, "degree=1", 3.0))).verdict())
        .isEqualTo(Verdict.UNDECIDED);
    assertThat(decide(rule, rows(row(TOY, "degree=1", 3.0), row(TOY, "degree=2", 4.0))).verdict())
        .isEqualTo(Verdict.HOLDS);
  }

  @Test
  void severalRowsComeToOneNumber() {
    Sources rows =
        rows(row(TOY, "degree=1", 1.0), row(TOY, "degree=2", 2.0), row(TOY, "degree=4", 6.0));
    Map<Take, Double> numbers =
        Map.of(Take.MIN, 1.0, Take.MAX, 6.0, Take.MEAN, 3.0, Take.MEDIAN, 2.0, Take.SPREAD, 6.0);
    numbers.forEach(
        (take, number) -> {
          Figure figure = new Figure("Toy.*", null, Label.MEASURED, null, null, null, take);
          assertThat(figure.of(rows).figure().middle()).as(take.name()).isEqualTo(number);
        });
  }

  @Test
  void valuesAreReadWhateverRowsCallThem() {
    Row row =
        row(
            TOY,
            "degree=1",
            Map.of(
                "communication", metric("ns", 500.0, 1000.0),
                "product.qkv", metric("us/op", 1.0, 1.0),
                "product.o", metric("us/op", 1.0, 2.0)),
            List.of(new Check("toy", 0.5)),
            2.0,
            4.0);
    RowValues values = new RowValues(row);
    assertThat(values.forks("time")).containsExactly(2.0, 4.0);
    assertThat(values.forks("communication/time")).containsExactly(0.25, 0.25);
    assertThat(values.forks("product.*/time")).containsExactly(1.0, 0.75);
    assertThat(values.forks("intensity")).containsExactly(10.0, 10.0);
    assertThat(values.forks("gflops")).containsExactly(500.0, 250.0);
    assertThat(values.forks("sentBytes")).containsExactly(512.0, 512.0);
    assertThat(values.forks("computeBound")).as("without roofs").isEmpty();
    assertThat(values.forks("wait/time")).isEmpty();
  }

  @Test
  void whatNothingHereCanDecideSaysWhy() {
    Sources nothing = rows();
    assertThat(decide(new Lacking("a backward pass"), nothing).condition())
        .isEqualTo("needs a backward pass");
    Decision cited = decide(new Cited("a paper"), nothing);
    assertThat(cited.verdict()).isEqualTo(Verdict.NOT_MEASURABLE);
    assertThat(cited.condition()).isEqualTo("see a paper");
  }

  private static Sources rows(Row... rows) {
    return Sources.of(List.of(rows), List.of());
  }

  private static Cases cases(Case... cases) {
    return new Cases(List.of(cases), null, "./shardmark play");
  }

  private static TreeMap<String, List<String>> where(String name, String... values) {
    return new TreeMap<>(Map.of(name, List.of(values)));
  }

  private static Case time(String when, String name, String value, Double atLeast, Double atMost) {
    Figure figure = new Figure(TOY, where(name, value), null, null, null, null, null);
    return new Case(when, figure, atLeast, atMost, "us");
  }

  private static Case value(String value) {
    return new Case("", new Figure(TOY, null, null, value, null, null, null), 0.0, null, "");
  }

  private static Over over(String name, String value) {
    return new Over(null, new TreeMap<>(Map.of(name, value)), null, null);
  }

  private static Case over(Over over) {
    Figure figure = new Figure(TOY, where("degree", "2"), null, null, over, null, null);
    return new Case("half", figure, null, 0.6, null);
  }

  private static Case along() {
    Figure figure = new Figure(TOY, null, null, null, null, "degree", null);
    return new Case("falls", figure, -1.1, -0.9, "");
  }
}
