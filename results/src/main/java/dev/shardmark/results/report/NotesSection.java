package dev.shardmark.results.report;

import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Run;
import java.util.Map;

/** How to read a row, what is not claimed, and the whole fingerprint. */
final class NotesSection implements Section {
  private final Run run;

  NotesSection(Run run) {
    this.run = run;
  }

  @Override
  public String id() {
    return "notes";
  }

  @Override
  public String title() {
    return "How to read this";
  }

  @Override
  public void write(Markup page) {
    page.open("dl", "class", "notes");
    for (Label label : Label.values()) {
      page.open("dt");
      LabelTag.write(page, label);
      page.close().leaf("dd", meaning(label));
    }
    note(
        page,
        "A row",
        "is one benchmark with one set of parameters. Each fork is a fresh JVM that verifies its"
            + " result before it is timed. The fork is the sample: a fork’s value is the median of"
            + " its iterations, the row’s time is the median over forks, and from–to is the fastest"
            + " and the slowest fork. A fork more than twice as slow as the best is flagged.");
    note(
        page,
        "Arithmetic intensity",
        "is flop per compulsory byte: every input read once, every output written once. A fused"
            + " multiply-add counts as 2 flop. It follows from the shapes, not from counters.");
    note(
        page,
        "% of roof",
        "is the rate over what the roofs of this run allow at that intensity, with as many cores:"
            + " the lower of the arithmetic units and of the fastest loop over the memory level the"
            + " bytes come from. A roof is what its best fork reached.");
    note(
        page,
        "Units",
        "1 GB/s = 10⁹ bytes a second, 1 GFLOP/s = 10⁹ floating-point operations a second, 1 KiB ="
            + " 1024 bytes; B/op is memory the JVM"
            + " allocated per operation, 0 in a sound kernel.");
    note(
        page,
        "Not claimed",
        "An isolated shard says nothing about waiting, contention or the network. Nothing here"
            + " predicts another machine, more ranks than there are cores, or a whole model’s tokens"
            + " per second.");
    page.close();
    page.open("details", "id", "fingerprint").leaf("summary", "Fingerprint of the run");
    Fingerprint from = run.fingerprint();
    facts(page, "machine", from.machine());
    facts(page, "jvm", from.jvm());
    facts(page, "build", from.build());
    facts(page, "context", from.context());
    page.close();
    page.leaf("p", "Run " + run.id() + ", format " + run.format() + " " + run.schemaVersion());
  }

  private static String meaning(Label label) {
    return switch (label) {
      case MEASURED ->
          "Real ranks, no more of them than cores, doing the whole operation together.";
      case ISOLATED -> "One rank’s shard alone on a core: what it computes, without the others.";
      case MODELLED -> "From a formula, or composed of measured parts.";
      case CITED -> "Taken from a publication.";
    };
  }

  private static void note(Markup page, String term, String text) {
    page.leaf("dt", term).leaf("dd", text);
  }

  private static void facts(Markup page, String group, Map<String, String> facts) {
    if (!facts.isEmpty()) {
      page.open("table").leaf("caption", group).open("tbody");
      facts.forEach(
          (name, value) ->
              page.open("tr").leaf("th", name, "scope", "row").leaf("td", value).close());
      page.close().close();
    }
  }
}
