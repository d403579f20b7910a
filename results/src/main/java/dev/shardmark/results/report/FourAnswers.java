package dev.shardmark.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What an axis splits, duplicates, pipelines and says: in words, and in bytes by degree. */
final class FourAnswers {
  private static final List<String> COLUMNS =
      List.of("Split", "Weights", "Duplicated", "Cache, a token");

  private final SplitAxis axis;
  private final List<AxisRow> rows;
  private final List<Integer> tokens;

  /** Answers from the rows of one axis and model. */
  FourAnswers(SplitAxis axis, List<AxisRow> rows) {
    this.axis = axis;
    this.rows = rows;
    this.tokens = Views.distinct(rows, AxisRow::tokens);
  }

  void write(Markup page) {
    page.open("dl", "class", "answers");
    answer(page, "What is split?", axis.split);
    answer(page, "What is duplicated?", axis.duplicated);
    answer(page, "What is pipelined?", axis.pipelined);
    answer(page, "Who says how much to whom?", axis.said);
    page.close();
    page.leaf(
        "p",
        "Of one rank and one layer. Sent bytes of a step follow from the formula; real ranks counted"
            + " the same where it says so.",
        "class",
        "view");
    page.open(
        "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Four answers");
    page.open("table", "class", "split").open("thead").open("tr");
    List.of("Phase", "Scheme", "Degree").forEach(name -> page.leaf("th", name, "scope", "col"));
    COLUMNS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    for (int n : tokens) {
      page.leaf("th", "Sent, " + Numbers.count(n, "token"), "scope", "col", "class", "n");
    }
    page.close().close().open("tbody");
    Views.by(rows, AxisRow::panel)
        .values()
        .forEach(
            panel ->
                Views.distinct(panel, AxisRow::degree)
                    .forEach(n -> row(page, panel.stream().filter(r -> r.degree() == n).toList())));
    page.close().close().close();
  }

  private static void answer(Markup page, String question, String answer) {
    page.leaf("dt", question).leaf("dd", answer);
  }

  /** One degree of one phase and way, whatever its tokens. */
  private void row(Markup page, List<AxisRow> same) {
    AxisRow any = same.getFirst();
    page.open("tr").leaf("th", any.phase(), "scope", "row");
    page.leaf("td", any.way().isEmpty() ? "–" : any.way());
    page.leaf("td", Numbers.tick(any.degree()));
    OptionalDouble percent = metric(same, Names.SPLIT_PERCENT);
    cell(page, percent.isPresent() ? Numbers.percent(percent.getAsDouble()) : "–");
    cell(page, bytes(metric(same, Names.WEIGHT_BYTES)));
    cell(page, bytes(metric(same, Names.DUPLICATED_BYTES)));
    cell(page, bytes(metric(same, Names.CACHE_BYTES)));
    for (int n : tokens) {
      sent(page, same.stream().filter(row -> row.tokens() == n).toList());
    }
    page.close();
  }

  /** The formula, and beside it what ranks counted. */
  private static void sent(Markup page, List<AxisRow> step) {
    OptionalDouble formula =
        metric(step.stream().filter(AxisRow::alone).toList(), Names.SENT_BYTES);
    List<OptionalDouble> counted = new ArrayList<>();
    step.stream()
        .filter(row -> !row.alone())
        .map(row -> row.metric(Names.SENT_BYTES))
        .filter(OptionalDouble::isPresent)
        .forEach(counted::add);
    Optional<OptionalDouble> other =
        counted.stream().filter(value -> formula.isPresent() && !value.equals(formula)).findFirst();
    page.open("td", "class", "n");
    if (other.isPresent()) {
      page.leaf("span", "counted " + bytes(other.get()), "class", "flag").text(" ");
    } else if (counted.stream().anyMatch(value -> value.getAsDouble() > 0)) {
      page.leaf("span", "counted", "class", "label").text(" ");
    }
    page.text(bytes(formula.isPresent() || counted.isEmpty() ? formula : counted.getFirst()));
    page.close();
  }

  private static OptionalDouble metric(List<AxisRow> rows, String name) {
    return rows.stream()
        .map(row -> row.metric(name))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  private static String bytes(OptionalDouble bytes) {
    return bytes.isPresent() ? Numbers.bytes(Math.round(bytes.getAsDouble())) : "–";
  }

  private static void cell(Markup page, String text) {
    page.leaf("td", text, "class", "n");
  }
}
