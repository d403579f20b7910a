package dev.shardmark.results.report;

import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** The ceilings of the machine, and every kernel below them. */
final class RoofsSection implements Section {
  private static final List<String> LEVELS = List.of("registers", "L1", "L2", "L3", "DRAM");
  private static final List<String> LOOPS = List.of(Names.FMA, Names.READ, "copy", "triad");

  private static final Comparator<Roof> ORDER =
      Comparator.<Roof>comparingInt(roof -> place(LEVELS, level(roof)))
          .thenComparing(RoofsSection::level)
          .thenComparing(roof -> place(LOOPS, roof.loop()))
          .thenComparing(Roof::loop)
          .thenComparing(Roof::cores);

  private final List<Roof> roofs;
  private final List<Row> kernels;

  RoofsSection(Run run) {
    this.roofs = run.roofs().stream().sorted(ORDER).toList();
    this.kernels = Rows.kernels(run);
  }

  @Override
  public String id() {
    return "roofs";
  }

  @Override
  public String title() {
    return "The machine’s roofs";
  }

  @Override
  public void write(Markup page) {
    RooflinePlot plot = new RooflinePlot(roofs, kernels);
    if (roofs.isEmpty()) {
      page.leaf("p", "The roofs were not part of this run, so no row has a % of roof.");
    }
    if (plot.exists()) {
      page.open("figure", "class", "wide");
      page.open("figcaption").leaf("h3", "Roofline").leaf("p", sentence()).close();
      plot.write(page);
      page.close();
    }
    if (!roofs.isEmpty()) {
      table(page);
    }
    TrafficTable traffic = new TrafficTable(kernels);
    if (traffic.exists()) {
      traffic.write(page);
    }
  }

  private String sentence() {
    String how =
        "Up is faster; right is more arithmetic per byte. A point can reach the diagonal of the"
            + " memory its bytes come from, and the horizontal of the arithmetic units. ";
    List<Row> above = kernels.stream().filter(Rows::aboveRoof).toList();
    if (above.isEmpty()) {
      return how + "No row lies above its roof.";
    }
    double most = above.stream().mapToDouble(row -> row.figures().roofPercent()).max().orElse(0);
    return how
        + Numbers.count(above.size(), "row")
        + (above.size() == 1 ? " lies" : " lie")
        + " above the roof, at up to "
        + Numbers.percent(most)
        + ": beyond the few per cent a roof itself varies by, that is an error in the work model"
        + " or in the roof.";
  }

  /** Levels down, loops and numbers of cores across. */
  private void table(Markup page) {
    List<String> levels = distinct(RoofsSection::level);
    List<String> loops = distinct(RoofsSection::loop);
    page.open("div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label", "Roofs");
    page.open("table", "class", "roofs");
    page.leaf("caption", "Measured in this run, best fork");
    page.open("thead").open("tr").leaf("td", "", "rowspan", "2");
    for (String loop : loops) {
      String columns = Integer.toString(cores(loop).size());
      page.leaf("th", loop, "scope", "colgroup", "colspan", columns, "class", "n first");
    }
    page.close().open("tr");
    for (String loop : loops) {
      cells(page, "th", cores(loop).stream().map(n -> Numbers.count(n, "core")).toList());
    }
    page.close().close().open("tbody");
    for (String level : levels) {
      page.open("tr").leaf("th", level, "scope", "row");
      for (String loop : loops) {
        cells(page, "td", cores(loop).stream().map(n -> value(level, loop, n)).toList());
      }
      page.close();
    }
    page.close().close().close();
  }

  private static void cells(Markup page, String tag, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      page.leaf(tag, texts.get(i), "class", i == 0 ? "n first" : "n");
    }
  }

  private String value(String level, String loop, int cores) {
    return roofs.stream()
        .filter(roof -> level(roof).equals(level) && loop(roof).equals(loop))
        .filter(roof -> roof.cores() == cores)
        .map(roof -> Numbers.of(roof.value()))
        .findFirst()
        .orElse("");
  }

  private List<Integer> cores(String loop) {
    return roofs.stream()
        .filter(roof -> loop(roof).equals(loop))
        .map(Roof::cores)
        .distinct()
        .sorted()
        .toList();
  }

  private List<String> distinct(Function<Roof, String> name) {
    return roofs.stream().map(name).distinct().toList();
  }

  /** Position in the list, after it for what it does not know. */
  private static int place(List<String> known, String name) {
    return known.contains(name) ? known.indexOf(name) : known.size();
  }

  private static String level(Roof roof) {
    return roof.level() == null ? "registers" : roof.level();
  }

  private static String loop(Roof roof) {
    return roof.loop() + ", " + roof.unit();
  }
}
