package dev.shardmark.results.claims;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Metric;
import dev.shardmark.results.format.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case of each claim, with rows made up so that its figure is where it is wanted. */
final class EveryRuleTest {
  /** How far a figure is from a bound, as a part of it. */
  private static final double STEP = 0.1;

  private final List<Row> rows = new ArrayList<>();
  private final List<Fact> facts = new ArrayList<>();

  static Stream<Arguments> cases() {
    return Ledger.chapters().stream()
        .flatMap(chapter -> chapter.claims().stream())
        .filter(claim -> claim.rule() instanceof Cases)
        .flatMap(
            claim ->
                ((Cases) claim.rule())
                    .cases().stream().map(one -> Arguments.of(claim.id(), one.when(), one)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void itHoldsWithinItsBoundsAndFailsBeyondThem(String id, String when, Case one) {
    assertThat(judge(one, within(one)).state()).isEqualTo(Outcome.State.HELD);
    assertThat(judge(one, within(one)).text()).contains(", at ");
    for (double value : beyond(one)) {
      assertThat(judge(one, value).state()).as("at " + value).isEqualTo(Outcome.State.FAILED);
    }
    assertThat(one.judge(Sources.of(List.of(), List.of())).state())
        .isEqualTo(Outcome.State.UNDECIDED);
  }

  private static double within(Case one) {
    if (one.atLeast() == null || one.atMost() == null) {
      return one.atLeast() == null ? moved(one.atMost(), -STEP) : moved(one.atLeast(), STEP);
    }
    return (one.atLeast() + one.atMost()) / 2;
  }

  private static List<Double> beyond(Case one) {
    List<Double> values = new ArrayList<>();
    if (one.atLeast() != null) {
      values.add(moved(one.atLeast(), -STEP));
    }
    if (one.atMost() != null) {
      values.add(one.atMost() == 0 ? 1 : moved(one.atMost(), STEP));
    }
    return values;
  }

  private static double moved(double bound, double by) {
    return bound + by * Math.abs(bound);
  }

  private Outcome judge(Case one, double value) {
    rows.clear();
    facts.clear();
    Figure figure = one.figure();
    for (SortedMap<String, String> point : points(figure)) {
      if (figure.along() != null) {
        int at = Integer.parseInt(point.get(figure.along()));
        add(figure.rows(), point, figure, figure.value(), Math.pow(at, value));
      } else if (figure.take() == Take.SPREAD) {
        add(figure.rows(), with(point, "toy", "1"), figure, figure.value(), 1);
        add(figure.rows(), with(point, "toy", "2"), figure, figure.value(), value);
      } else {
        add(figure.rows(), point, figure, figure.value(), value);
      }
      other(figure, point);
    }
    return one.judge(Sources.of(rows, facts));
  }

  private void other(Figure figure, SortedMap<String, String> point) {
    Over over = figure.over();
    if (over != null) {
      SortedMap<String, String> there = new TreeMap<>(point);
      there.putAll(over.where());
      String value = over.value() == null && over.rows() == null ? figure.value() : over.value();
      add(over.rows() == null ? figure.rows() : over.rows(), there, figure, value, 1);
    }
  }

  /** All combinations of the values of a figure's parameters, and three of a trend. */
  private static List<SortedMap<String, String>> points(Figure figure) {
    SortedMap<String, List<String>> values = new TreeMap<>(figure.where());
    if (figure.along() != null) {
      values.putIfAbsent(figure.along(), List.of("1", "2", "4"));
    }
    List<SortedMap<String, String>> points = List.of(new TreeMap<>());
    for (var parameter : values.entrySet()) {
      points =
          points.stream()
              .flatMap(
                  point ->
                      parameter.getValue().stream().map(v -> with(point, parameter.getKey(), v)))
              .toList();
    }
    return points;
  }

  private static SortedMap<String, String> with(
      SortedMap<String, String> point, String name, String value) {
    SortedMap<String, String> more = new TreeMap<>(point);
    more.put(name, value);
    return more;
  }

  /** A fact where one will do; else a row that has the value as a metric. */
  private void add(
      String source, SortedMap<String, String> point, Figure figure, String value, double number) {
    String name = source.replace("*", "toy");
    boolean measured = figure.label() != null || figure.value() != null;
    if (!measured) {
      facts.add(new Fact(name, point, number, "", Label.MODELLED));
      return;
    }
    SortedMap<String, Metric> metrics = new TreeMap<>();
    String[] parts = (value == null ? "time" : value).replace("*", ".toy").split("/");
    metrics.put(parts[0], HandMade.metric("", number));
    if (parts.length > 1) {
      metrics.put(parts[1], HandMade.metric("", 1.0));
    }
    Row row = HandMade.row(name, "", metrics, List.of(new Check("toy", 0.5)), 1.0);
    Label label = figure.label() == null ? Label.MEASURED : figure.label();
    rows.add(
        new Row(
            name,
            point,
            label,
            null,
            row.settings(),
            row.work(),
            row.time(),
            metrics,
            row.checks(),
            row.figures()));
  }
}
