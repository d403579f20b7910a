package dev.shardmark.results.report;

import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Run;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was run, on what, how much of it, and what it says. */
final class Header {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Run run;

  Header(Run run) {
    this.run = run;
  }

  void write(Markup page) {
    Fingerprint from = run.fingerprint();
    page.leaf("p", "Shardmark", "class", "brand");
    page.leaf("h1", machine());
    page.leaf("p", "What does each way of splitting a large language model cost on this machine?");
    page.open("dl", "class", "facts");
    fact(page, "JVM", words(from.jvm(), Names.JVM_NAME, Names.JVM_VERSION));
    commit(page, from.build());
    fact(page, "Preset", run.request().preset());
    fact(page, "Started", DATE.format(run.startedAt()));
    fact(page, "Rows", rows());
    page.close();
    status(page);
    findings(page);
  }

  private void commit(Markup page, Map<String, String> build) {
    page.open("div").leaf("dt", "Commit").open("dd");
    page.text(words(build, Names.GIT_COMMIT));
    if ("true".equals(build.get(Names.GIT_DIRTY))) {
      page.text(" ").leaf("span", "uncommitted changes", "class", "flag");
    }
    page.close().close();
  }

  private String rows() {
    long good = Rows.good(run).size();
    long failed = run.rows().size() - good;
    return good
        + " of "
        + run.request().plannedRows()
        + " measured"
        + (failed == 0 ? "" : ", " + failed + " failed");
  }

  private void status(Markup page) {
    if (Rows.good(run).isEmpty()) {
      page.leaf("p", "Nothing was measured: no row of this run has figures.", "class", "notice");
    } else if (run.finishedAt() == null) {
      page.leaf(
          "p",
          "This run is not finished: what is missing is left out, not zero.",
          "class",
          "notice");
    }
  }

  private void findings(Markup page) {
    List<Findings.Finding> findings = new Findings(run).list();
    if (!findings.isEmpty()) {
      page.open("ul", "class", "findings");
      for (Findings.Finding finding : findings) {
        page.open("li").leaf("h2", finding.lead()).leaf("p", finding.sentence()).close();
      }
      page.close();
    }
    String doubts = new Findings(run).doubts();
    if (!doubts.isEmpty()) {
      page.leaf("p", doubts, "class", "notice");
    }
  }

  /** The processor and its cores. */
  String machine() {
    Map<String, String> machine = run.fingerprint().machine();
    String cores = machine.get(Names.CPU_CORES);
    return words(machine, Names.CPU_MODEL)
        + (cores == null ? "" : ", " + cores + (cores.equals("1") ? " core" : " cores"));
  }

  private static String words(Map<String, String> facts, String... names) {
    String known =
        Stream.of(names).map(facts::get).filter(Objects::nonNull).collect(Collectors.joining(" "));
    return known.isEmpty() ? "unknown" : known;
  }

  private static void fact(Markup page, String name, String value) {
    page.open("div").leaf("dt", name).leaf("dd", value).close();
  }
}
