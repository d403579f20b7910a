package dev.shardmark.results.claims;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decisions as lines of text, none wider than {@link #WIDTH}: beside each claim its verdict, the
 * figure of each of its cases, and what they were read from, of a single decision in full; then how
 * many there are of each.
 */
public final class LedgerTable {
  /** No line is wider. */
  public static final int WIDTH = 120;

  private static final int ID = 4;
  private static final int CLAIM = 38;
  private static final int VERDICT = 19;
  private static final String GAP = "  ";
  private static final int FIGURES = WIDTH - ID - CLAIM - VERDICT - 3 * GAP.length();

  private final List<Decision> decisions;

  public LedgerTable(List<Decision> decisions) {
    this.decisions = List.copyOf(decisions);
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        line("id", "claim", "verdict", "+ held, - failed, ? open: figure, when, and its rows"));
    for (Decision decision : decisions) {
      List<String> claim = wrapped(decision.claim().claim(), CLAIM, "");
      List<String> figures = figures(decision);
      for (int i = 0; i < Math.max(claim.size(), figures.size()); i++) {
        lines.add(
            line(
                i == 0 ? decision.claim().id() : "",
                i < claim.size() ? claim.get(i) : "",
                i == 0 ? decision.verdict().toString() : "",
                i < figures.size() ? figures.get(i) : ""));
      }
    }
    lines.add("");
    lines.add(counts());
    return lines;
  }

  private List<String> figures(Decision decision) {
    List<String> lines = new ArrayList<>();
    if (!decision.reason().isEmpty()) {
      lines.addAll(wrapped(decision.reason(), FIGURES, GAP));
    }
    boolean alone = decisions.size() == 1;
    for (Outcome outcome : decision.outcomes()) {
      String mark =
          switch (outcome.state()) {
            case HELD -> "+ ";
            case FAILED -> "- ";
            case UNDECIDED -> "? ";
          };
      String figure = outcome.text().isEmpty() ? "" : outcome.text() + ": ";
      lines.addAll(wrapped(mark + figure + outcome.test().when(), FIGURES, GAP));
      if (alone && outcome.finding().fault() != null) {
        lines.addAll(wrapped(GAP + outcome.finding().fault(), FIGURES, GAP));
      }
    }
    if (alone) {
      decision
          .evidence()
          .forEach(
              row -> lines.addAll(wrapped(GAP + row.name() + " " + row.label(), FIGURES, GAP)));
      return lines;
    }
    Map<String, Long> rows =
        decision.evidence().stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.source() + " " + row.label(),
                    LinkedHashMap::new,
                    Collectors.counting()));
    rows.forEach(
        (source, count) ->
            lines.addAll(wrapped(GAP + source + (count == 1 ? "" : " x" + count), FIGURES, GAP)));
    return lines;
  }

  private String counts() {
    return decisions.size()
        + (decisions.size() == 1 ? " claim: " : " claims: ")
        + List.of(Verdict.values()).stream()
            .map(
                verdict ->
                    decisions.stream().filter(decision -> decision.verdict() == verdict).count()
                        + " "
                        + verdict)
            .collect(Collectors.joining(", "));
  }

  private static String line(String id, String claim, String verdict, String figures) {
    return (padded(id, ID)
            + GAP
            + padded(claim, CLAIM)
            + GAP
            + padded(verdict, VERDICT)
            + GAP
            + figures)
        .stripTrailing();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /** Lines of at most {@code width} characters, those after the first indented. */
  private static List<String> wrapped(String text, int width, String indent) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      boolean isWord = space <= indent.length();
      lines.add(rest.substring(0, isWord ? width : space));
      rest = indent + rest.substring(isWord ? width : space + 1);
    }
    lines.add(rest);
    return lines;
  }
}
