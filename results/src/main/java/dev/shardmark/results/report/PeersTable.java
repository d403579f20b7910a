package dev.shardmark.results.report;

import dev.shardmark.results.format.Figures;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.report.Alternatives.Yardstick;
import java.util.Comparator;
import java.util.List;

/** One benchmark: under each work the ways it was done, fastest first. */
record PeersTable(String benchmark, List<Alternatives> works) {
  private static final List<String> NUMBERS =
      List.of("Time", "Rate", "Speed", "% of roof", "Forks");

  /** Class of the colour of a variant. */
  static String css(String variant) {
    return switch (variant) {
      case Names.VECTOR, "" -> "ours";
      case Names.SCALAR -> "plain";
      default -> "library";
    };
  }

  /** The best of what its works are held against. */
  Yardstick yardstick() {
    return works.stream()
        .map(work -> Yardstick.of(work.yardstick()))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  void write(Markup page) {
    page.open(
        "details", "class", "panel", "open", yardstick() == Yardstick.LIBRARY ? "open" : null);
    page.open("summary")
        .leaf("h3", benchmark)
        .text(" ")
        .leaf("span", new PeerSummary(works).brief());
    long flagged =
        works.stream()
            .flatMap(work -> work.rows().stream())
            .filter(row -> !Rows.flags(row).isEmpty())
            .count();
    if (flagged > 0) {
      page.text(" ").leaf("span", flagged + " flagged", "class", "flag");
    }
    page.close();
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", benchmark);
    page.open("table").open("thead").open("tr");
    page.leaf("th", "Work", "scope", "col").leaf("th", "Variant", "scope", "col").leaf("td", "");
    NUMBERS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.close().close();
    for (Alternatives work : works) {
      page.open("tbody");
      work.rows().forEach(row -> row(page, work, row));
      page.close();
    }
    page.close().close().close();
  }

  private static void row(Markup page, Alternatives work, Row row) {
    page.open("tr");
    if (row == work.rows().getFirst()) {
      String rows = Integer.toString(work.rows().size());
      page.open("th", "rowspan", rows, "scope", "rowgroup").leaf("code", work.work()).close();
    }
    String variant = Alternatives.variant(row);
    String way = work.way(row);
    page.open("th", "scope", "row").text(variant);
    if (!way.isEmpty()) {
      page.text(variant.isEmpty() ? "" : " ").leaf("code", way);
    }
    Rows.flags(row).forEach(flag -> page.text(" ").leaf("span", flag, "class", "flag"));
    page.close();
    if (row.ok()) {
      Bar.write(page, work.share(row), css(variant));
      figures(page, work, row);
    } else {
      page.leaf("td", row.failure(), "colspan", "6", "class", "reason");
    }
    page.close();
  }

  private static void figures(Markup page, Alternatives work, Row row) {
    Figures f = row.figures();
    number(page, Numbers.time(f.timeUs()));
    number(page, Rows.rate(f, work.yardstick().figures().bound()));
    speed(page, work, row);
    number(page, Numbers.percent(f.roofPercent()));
    int forks = row.time().samples().size();
    double spread = 100 * (f.worstForkUs() / f.bestForkUs() - 1);
    number(page, forks == 1 ? "1 fork" : "+" + Numbers.percent(spread));
  }

  /** How many times as fast as what, or that others are compared with this row. */
  private static void speed(Markup page, Alternatives work, Row row) {
    Row yardstick = work.yardstick();
    if (row == yardstick) {
      page.open("td", "class", "n");
      page.leaf("span", Yardstick.of(row).tag, "class", "label").close();
      return;
    }
    double speed = work.speed(row);
    boolean own = Yardstick.of(yardstick) == Yardstick.OWN;
    String text = Numbers.times(speed) + (own ? "" : " " + Alternatives.variant(yardstick));
    boolean behind = speed < 1 && work.ours().filter(ours -> ours == row).isPresent();
    page.leaf("td", text, "class", behind ? "n behind" : "n");
  }

  private static void number(Markup page, String text) {
    page.leaf("td", text, "class", "n");
  }
}
