package dev.shardmark.results.report;

import dev.shardmark.results.format.Workload;
import java.util.List;
import java.util.Optional;

/** The rows of real ranks in numbers. */
final class RanksTable {
  private static final List<String> COLUMNS =
      List.of(
          "Time", "Compute", "All-reduce", "Waiting", "Speed-up", "Efficiency", "Sent per rank");

  private final List<Shard> view;
  private final Baselines baselines;

  RanksTable(List<Shard> view, Baselines baselines) {
    this.view = view;
    this.baselines = baselines;
  }

  void write(Markup page) {
    page.open(
        "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Real ranks");
    page.open("table").open("thead").open("tr");
    List.of("Linear", "Tokens", "Ranks").forEach(name -> page.leaf("th", name, "scope", "col"));
    COLUMNS.forEach(name -> page.leaf("th", name, "scope", "col", "class", "n"));
    page.close().close().open("tbody");
    view.forEach(shard -> row(page, shard));
    page.close().close().close();
  }

  private void row(Markup page, Shard shard) {
    Optional<Double> speedup = baselines.of(shard).map(one -> one.timeUs() / shard.timeUs());
    Workload work = shard.row().work();
    page.open("tr").leaf("th", shard.linear(), "scope", "row");
    page.leaf("td", Numbers.tick(shard.tokens()));
    page.leaf("td", "TP" + shard.tp() + " " + shard.allReduce());
    cell(page, Numbers.time(shard.timeUs()));
    cell(page, phase(shard, Names.COMPUTE));
    cell(page, phase(shard, Names.COMMUNICATION));
    cell(page, phase(shard, Names.WAIT));
    cell(page, speedup.map(Numbers::times).orElse("–"));
    cell(page, speedup.map(s -> Numbers.percent(100 * s / shard.tp())).orElse("–"));
    cell(page, work == null ? "–" : Numbers.bytes(work.sentBytes()));
    page.close();
  }

  private static String phase(Shard shard, String metric) {
    return Rows.forks(shard.row(), metric).map(forks -> Numbers.time(forks.median())).orElse("–");
  }

  private static void cell(Markup page, String text) {
    page.leaf("td", text, "class", "n");
  }
}
