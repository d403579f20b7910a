package dev.shardmark.cli;

import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.Preset;
import dev.shardmark.jmh.run.BenchRun;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.report.Report;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures and keeps: the main job. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure the rows of a preset into a run file, and write its report.",
    footer = {
      "",
      "Examples:",
      "  shardmark bench",
      "  shardmark bench --preset smoke --filter TensorParallel",
      "  shardmark bench --preset full --list",
      "  shardmark bench --filter shard -p model=llama-3.1-70b -p tp=4,8 -p tokens=1,64",
      "  shardmark bench --resume results/runs/RUN.json"
    })
final class BenchCommand implements Callable<Integer> {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "smoke, quick, gate or full: how long and how often (default: quick).")
  private String preset;

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description = "Only rows whose name contains a match; roofs are measured in any case.")
  private String filter;

  @Option(
      names = "-p",
      paramLabel = "NAME=VALUE[,VALUE]",
      description = "Values of a parameter, in place of the preset's.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--out", paramLabel = "FILE", description = "The run file to write.")
  private Path outFile;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on with an interrupted run: measure the rows it lacks.")
  private Path resumeFile;

  @Option(names = "--list", description = "Name the rows that would be measured, and stop.")
  private boolean list;

  @Override
  public Integer call() throws IOException {
    return resumeFile == null ? start() : resume();
  }

  private int start() throws IOException {
    Preset chosen = Preset.of(preset == null ? "quick" : preset);
    SortedMap<String, List<String>> replaced = new TreeMap<>();
    parameters.forEach((name, values) -> replaced.put(name, List.of(values.split(",", -1))));
    Plan plan = Plan.of(chosen, filter, replaced);
    if (plan.rows().isEmpty()) {
      return nothing("no row matches the filter: filter=" + filter);
    }
    if (list) {
      plan.rows().forEach(row -> spec.commandLine().getOut().println(row.name()));
      return 0;
    }
    Fingerprint fingerprint = new Environment().fingerprint();
    Instant now = Instant.now();
    String id = STAMP.format(now) + "-" + shortCommit(fingerprint) + "-" + host(fingerprint);
    Path path = outFile == null ? home().resolve("results/runs/" + id + ".json") : outFile;
    Request request = new Request(chosen.parameter(), filter, replaced, plan.rows().size());
    RunFile file = RunFile.create(path, Run.started(id, now, request, fingerprint));
    return measure(plan, file, path);
  }

  private int resume() throws IOException {
    if (preset != null || filter != null || !parameters.isEmpty() || outFile != null || list) {
      throw new IllegalArgumentException(
          "a resumed run keeps its own preset, filter, parameters and file: resume=" + resumeFile);
    }
    RunFile file = RunFile.resume(resumeFile);
    Run run = file.run();
    Fingerprint here = new Environment().fingerprint();
    List<String> changed = new ArrayList<>();
    for (var group :
        List.of(
            Map.entry(run.fingerprint().machine(), here.machine()),
            Map.entry(run.fingerprint().jvm(), here.jvm()),
            Map.entry(run.fingerprint().build(), here.build()))) {
      group
          .getKey()
          .forEach(
              (name, was) -> {
                if (!was.equals(group.getValue().get(name))) {
                  changed.add(name);
                }
              });
    }
    if (!changed.isEmpty()) {
      throw new IllegalArgumentException(
          "a run goes on only on its own machine, JVM and build: changed="
              + changed
              + " resume="
              + resumeFile);
    }
    Plan plan =
        Plan.of(
            Preset.of(run.request().preset()), run.request().filter(), run.request().parameters());
    return measure(plan, file, resumeFile);
  }

  private int measure(Plan plan, RunFile file, Path path) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        plan.rows().size()
            + " rows, "
            + plan.roofCount()
            + " of them this machine's roofs; preset "
            + plan.preset().parameter());
    out.flush();
    boolean terminal = System.console() != null && System.console().isTerminal();
    long good = BenchRun.measure(plan, file, beside(path, ".log"), System.out, terminal);
    Path report = beside(path, ".html");
    Report.write(file.run(), report);
    out.println("run    " + path.toAbsolutePath().normalize());
    out.println("report " + report.toAbsolutePath().normalize());
    out.flush();
    return good == 0 ? nothing("no row has figures: run=" + path) : 0;
  }

  private int nothing(String why) {
    spec.commandLine().getErr().println(why);
    return Main.NOTHING_MEASURED;
  }

  private static Path home() {
    return Path.of(System.getProperty("shardmark.home", "."));
  }

  /** The file of the same name with another ending. */
  static Path beside(Path path, String ending) {
    String name = path.getFileName().toString();
    String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return path.resolveSibling(stem + ending);
  }

  private static String shortCommit(Fingerprint fingerprint) {
    String commit = fingerprint.build().get("git.commit");
    return commit.matches("[0-9a-f]{7,}") ? commit.substring(0, 7) : "nocommit";
  }

  private static String host(Fingerprint fingerprint) {
    String host = fingerprint.context().get("host.name");
    return host.startsWith("unavailable") ? "host" : host.replaceAll("[^A-Za-z0-9-]", "-");
  }
}
