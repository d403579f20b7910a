package dev.shardmark.results.report;

import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every kernel beside the libraries, the plain loops and the other ways to do its work. */
final class PeersSection implements Section {
  private final Run run;
  private final List<Alternatives> works;

  PeersSection(Run run) {
    this.run = run;
    this.works = Alternatives.of(run);
  }

  @Override
  public String id() {
    return "peers";
  }

  @Override
  public String title() {
    return "Kernels against peers";
  }

  @Override
  public void write(Markup page) {
    libraries(page);
    if (works.isEmpty()) {
      page.leaf("p", "No work was measured in more than one way.");
      return;
    }
    new PeerSummary(works).sentences().forEach(sentence -> page.leaf("p", sentence));
    page.leaf(
        "p",
        "Rows of one work differ only in how it is done. A bar is a row’s speed, full for the"
            + " fastest. Speed compares with the best library; where none was measured, with the"
            + " scalar loops; without those, with the fastest row. Forks says how much longer than"
            + " the fastest fork the slowest took.",
        "class",
        "view");
    new Legend(page)
        .area(PeersTable.css(Names.VECTOR), "ours")
        .area(PeersTable.css(Names.SCALAR), "scalar baseline")
        .area(PeersTable.css("library"), "library")
        .close();
    Map<String, List<Alternatives>> benchmarks =
        works.stream()
            .collect(
                Collectors.groupingBy(
                    Alternatives::benchmark, LinkedHashMap::new, Collectors.toList()));
    page.open("div", "class", "peers");
    benchmarks.entrySet().stream()
        .map(same -> new PeersTable(same.getKey(), same.getValue()))
        .sorted(Comparator.comparing(PeersTable::yardstick))
        .forEach(table -> table.write(page));
    page.close();
  }

  /** Which libraries could have been measured, and how many rows were. */
  private void libraries(Markup page) {
    Map<String, String> facts =
        run.fingerprint().build().entrySet().stream()
            .filter(fact -> fact.getKey().startsWith(Names.PEER))
            .collect(
                Collectors.toMap(
                    fact -> fact.getKey().substring(Names.PEER.length()),
                    Map.Entry::getValue,
                    (a, b) -> a,
                    LinkedHashMap::new));
    if (facts.isEmpty()) {
      page.leaf("p", "The run does not say which libraries its machine has.");
      return;
    }
    page.open("dl", "class", "notes");
    facts.forEach(
        (library, description) ->
            page.leaf("dt", library).leaf("dd", description + rows(library, description)));
    page.close();
  }

  private String rows(String library, String description) {
    long rows = Rows.good(run).stream().map(Alternatives::variant).filter(library::equals).count();
    if (rows > 0) {
      return ": " + Numbers.count(rows, "row");
    }
    return description.startsWith(Names.UNAVAILABLE) ? "" : ": here, but no row of this run has it";
  }
}
