package dev.shardmark.results.report;

import dev.shardmark.results.claims.Decision;
import dev.shardmark.results.claims.Evidence;
import dev.shardmark.results.claims.Fact;
import dev.shardmark.results.claims.Ledger;
import dev.shardmark.results.claims.Measured;
import dev.shardmark.results.claims.Outcome;
import dev.shardmark.results.claims.Sources;
import dev.shardmark.results.claims.Verdict;
import dev.shardmark.results.format.Run;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Claims of a post: verdict, figures, and the rows they come from. */
final class ClaimsSection implements Section {
  /** Links a claim; more would bury its figures. */
  private static final int LINKS = 6;

  private final Ledger ledger;
  private final Map<String, String> anchors = new HashMap<>();

  ClaimsSection(Run run, List<Fact> facts) {
    ledger = new Ledger(Sources.of(run.rows(), facts));
    for (int i = 0; i < run.rows().size(); i++) {
      anchors.put(run.rows().get(i).name(), Rows.anchor(i));
    }
  }

  @Override
  public String id() {
    return "claims";
  }

  @Override
  public String title() {
    return "Claims";
  }

  @Override
  public void write(Markup page) {
    page.leaf(
        "p",
        "What rows of this run, and formulas over published models, say about the claims of a post"
            + " on parallelism. A claim holds if the figures of all its cases are within their"
            + " bounds; the cases that hold are its condition. Nobody types a verdict in.");
    page.leaf("p", counts(ledger.decisions()), "class", "view");
    for (Ledger.Part part : ledger.parts()) {
      boolean decided = part.decisions().stream().anyMatch(ClaimsSection::isDecided);
      page.open("details", "class", "claims", "open", decided ? "open" : null);
      page.open("summary").leaf("h3", part.title()).text(" ");
      page.leaf("span", counts(part.decisions())).close();
      page.open("div", "class", "scroll", "role", "region", "tabindex", "0");
      page.open("table").open("tbody");
      part.decisions().forEach(decision -> claim(page, decision));
      page.close().close().close().close();
    }
  }

  private static boolean isDecided(Decision decision) {
    return decision.verdict() != Verdict.UNDECIDED && decision.verdict() != Verdict.NOT_MEASURABLE;
  }

  /** For example {@code 5 holds, 2 holds if, 1 undecided}. */
  private static String counts(List<Decision> decisions) {
    return Arrays.stream(Verdict.values())
        .map(
            verdict ->
                Map.entry(verdict, decisions.stream().filter(d -> d.verdict() == verdict).count()))
        .filter(count -> count.getValue() > 0)
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private void claim(Markup page, Decision decision) {
    page.open("tr", "id", decision.claim().id().toLowerCase(Locale.ROOT));
    page.leaf("td", decision.claim().id(), "class", "id");
    page.open("th", "scope", "row").text(decision.claim().claim());
    page.leaf("span", decision.claim().quote(), "class", "quote").close();
    String css = "verdict " + decision.verdict().name().toLowerCase(Locale.ROOT);
    page.open("td").leaf("span", decision.verdict().toString(), "class", css).close();
    page.open("td");
    if (!decision.reason().isEmpty()) {
      page.leaf("p", decision.reason(), "class", "needs");
    }
    if (!decision.outcomes().isEmpty()) {
      page.open("ul");
      decision.outcomes().forEach(outcome -> outcome(page, outcome));
      page.close();
      evidence(page, decision.evidence());
    }
    page.close().close();
  }

  private static void outcome(Markup page, Outcome outcome) {
    page.open("li", "class", outcome.state().name().toLowerCase(Locale.ROOT));
    if (!outcome.text().isEmpty()) {
      page.leaf("b", outcome.text() + ":").text(" ");
    }
    page.text(outcome.test().when()).close();
  }

  private void evidence(Markup page, List<Evidence> evidence) {
    if (evidence.isEmpty()) {
      return;
    }
    page.open("p", "class", "from").text("from");
    List<Evidence> rows = evidence.stream().filter(Measured.class::isInstance).toList();
    for (Evidence row : rows.subList(0, Math.min(LINKS, rows.size()))) {
      page.text(" ").leaf("a", row.name(), "href", "#" + anchors.get(row.name()));
    }
    if (rows.size() > LINKS) {
      page.text(" and " + Numbers.count(rows.size() - LINKS, "row") + " more");
    }
    Map<String, List<Evidence>> facts =
        evidence.stream()
            .filter(Fact.class::isInstance)
            .collect(
                Collectors.groupingBy(Evidence::source, LinkedHashMap::new, Collectors.toList()));
    facts.forEach((source, of) -> fact(page, source, of));
    page.close();
  }

  /** A formula, and in its tooltip what it was computed for. */
  private static void fact(Markup page, String source, List<Evidence> of) {
    String all = of.stream().map(Evidence::name).collect(Collectors.joining("\n"));
    String times = of.size() == 1 ? "" : " ×" + of.size();
    page.text(" ").leaf("code", source + times, "title", all);
    page.text(" ").leaf("span", "MODELLED", "class", "label modelled");
  }
}
