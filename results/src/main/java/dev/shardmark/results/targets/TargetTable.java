package dev.shardmark.results.targets;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What was found about targets as lines of text, at most {@link #WIDTH} characters wide: a line a
 * target, the reasons why some were not measured below, each once, and a sentence that counts.
 */
public final class TargetTable {
  /** No line is wider. */
  public static final int WIDTH = 110;

  private static final List<String> HEADINGS =
      List.of("target", "goal", "measured", "met", "worst row", "verdict");
  private static final int WORST = 4;
  private static final String GAP = "  ";
  private static final String INDENT = "    ";

  private final List<Outcome> results;
  private final boolean all;
  private final List<String> reasons = new ArrayList<>();

  /** A table of these results, with a line for every row of each target if {@code all}. */
  public TargetTable(List<Outcome> results, boolean all) {
    this.results = List.copyOf(results);
    this.all = all;
  }

  public List<String> lines() {
    reasons.clear();
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEADINGS);
    results.forEach(result -> cells.add(cells(result)));
    List<String> table = aligned(cells);
    List<String> lines = new ArrayList<>(table.subList(0, 1));
    for (int i = 0; i < results.size(); i++) {
      lines.add(table.get(i + 1));
      if (all) {
        lines.addAll(rows(results.get(i)));
      }
    }
    lines.add("");
    for (int i = 0; i < reasons.size(); i++) {
      lines.addAll(wrapped("[" + (i + 1) + "] ", reasons.get(i)));
    }
    if (!reasons.isEmpty()) {
      lines.add("");
    }
    lines.add(counts());
    return lines;
  }

  private List<String> cells(Outcome result) {
    return List.of(
        result.what(),
        result.goal(),
        result.worst().map(Outcome.Line::figure).orElse("-"),
        result.count(Verdict.MET) + "/" + result.rows().size(),
        result.worst().map(Outcome.Line::name).orElse(""),
        (result.verdict() + notes(result.reasons())).strip());
  }

  /** For example {@code [1][3]}: why some rows have no verdict. */
  private String notes(List<String> why) {
    return why.stream()
        .map(this::note)
        .sorted()
        .map(number -> "[" + number + "]")
        .collect(Collectors.joining("", " ", ""));
  }

  private int note(String reason) {
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    return reasons.indexOf(reason) + 1;
  }

  private List<String> rows(Outcome result) {
    List<List<String>> cells = new ArrayList<>();
    for (Outcome.Line row : result.rows()) {
      cells.add(
          List.of(
              row.name().isEmpty() ? result.what() : row.name(),
              row.figure(),
              row.verdict() + (row.reason() == null ? "" : notes(List.of(row.reason()))),
              row.detail()));
    }
    return aligned(cells).stream().map(line -> cut(INDENT + line, WIDTH)).toList();
  }

  private String counts() {
    return results.size()
        + (results.size() == 1 ? " target: " : " targets: ")
        + List.of(Verdict.values()).stream()
            .map(
                verdict ->
                    results.stream().filter(result -> result.verdict() == verdict).count()
                        + " "
                        + verdict)
            .collect(Collectors.joining(", "));
  }

  /** Columns as wide as their widest cell; the worst row gives way where a line has no room. */
  private static List<String> aligned(List<List<String>> cells) {
    int columns = cells.isEmpty() ? 0 : cells.get(0).size();
    int[] widths = new int[columns];
    for (List<String> line : cells) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    int total = GAP.length() * (columns - 1);
    for (int width : widths) {
      total += width;
    }
    if (columns > WORST + 1 && total > WIDTH) {
      widths[WORST] = Math.max(HEADINGS.get(WORST).length(), widths[WORST] - (total - WIDTH));
    }
    List<String> lines = new ArrayList<>();
    for (List<String> line : cells) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        text.append(i == 0 ? "" : GAP).append(padded(cut(line.get(i), widths[i]), widths[i]));
      }
      lines.add(cut(text.toString().stripTrailing(), WIDTH));
    }
    return lines;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 2) + "..";
  }

  /** A sentence over as many lines as it needs, those after the first indented like it. */
  private static List<String> wrapped(String mark, String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(mark);
    for (String word : sentence.split(" ")) {
      boolean first = line.length() == mark.length();
      if (!first && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(mark.length()));
        first = true;
      }
      line.append(first ? "" : " ").append(word);
    }
    lines.add(cut(line.toString(), WIDTH));
    return lines;
  }
}
