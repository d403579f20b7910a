package dev.shardmark.cli;

import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.PlannedRow;
import dev.shardmark.jmh.plan.TargetPlan;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import dev.shardmark.results.targets.Judge;
import dev.shardmark.results.targets.Outcome;
import dev.shardmark.results.targets.Target;
import dev.shardmark.results.targets.TargetResult;
import dev.shardmark.results.targets.TargetRows;
import dev.shardmark.results.targets.TargetTable;
import dev.shardmark.results.targets.TargetsJson;
import dev.shardmark.results.targets.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what the project's performance targets need, and says which are met. */
@Command(
    name = "targets",
    mixinStandardHelpOptions = true,
    description = "Measure the rows of the performance targets, and say which are met.",
    footer = {
      "",
      "Exit code: 0 whatever the verdicts; with --strict 1 if a target is missed, else 3 if one was",
      "not measured.",
      "",
      "Examples:",
      "  shardmark targets --list",
      "  shardmark targets --filter GEMM",
      "  shardmark targets --resume results/runs/RUN.json",
      "  shardmark targets --run results/runs/RUN.json --all --strict"
    })
final class TargetsCommand implements Callable<Integer> {
  /** What a run of targets has in the place of a preset's name. */
  static final String PRESET = "targets";

  private static final String FORKS = "forks";
  private static final int DEFAULT_FORKS = 5;
  private static final int MAX_FORKS = 100;

  @Spec private CommandSpec spec;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description = "Judge this run, finished or not, and measure nothing.")
  private Path runFile;

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      description = "Only targets whose words, or rows whose name, contain a match.")
  private String filter;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "Fresh JVMs a row (default: 5, the fewest that give a verdict).")
  private Integer forks;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Read the targets from this file instead of the project's own.")
  private Path targetsFile;

  @Option(names = "--out", paramLabel = "FILE", description = "The run file to write.")
  private Path outFile;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on with an interrupted run: measure the rows it lacks.")
  private Path resumeFile;

  @Option(
      names = "--list",
      description = "Name the targets and the time they take, and stop; with --all each row.")
  private boolean list;

  @Option(names = "--all", description = "Show every row of each target.")
  private boolean all;

  @Option(names = "--strict", description = "Let the exit code say whether all targets are met.")
  private boolean strict;

  private final TargetPlan names = new TargetPlan();

  @Override
  public Integer call() throws IOException {
    List<Target> targets = targets();
    if (runFile != null) {
      if (resumeFile != null || forks != null || outFile != null || list) {
        throw new IllegalArgumentException(
            "--run measures nothing: it goes without --resume, --forks, --out and --list");
      }
      return judge(RunFile.read(runFile), TargetRows.matching(targets, filter));
    }
    return resumeFile == null ? start(targets) : resume(targets);
  }

  private int start(List<Target> targets) throws IOException {
    int times = forks == null ? DEFAULT_FORKS : forks;
    if (times < 1 || times > MAX_FORKS) {
      throw new IllegalArgumentException("forks must be in 1.." + MAX_FORKS + ": forks=" + times);
    }
    List<TargetRows> asked = TargetRows.matching(targets, filter);
    Plan plan = names.plan(asked, times);
    if (asked.isEmpty()) {
      spec.commandLine().getErr().println("no target matches the filter: filter=" + filter);
      return Main.NOTHING_MEASURED;
    }
    if (list) {
      return list(asked, plan);
    }
    TreeMap<String, List<String>> how = new TreeMap<>();
    how.put(FORKS, List.of(Integer.toString(times)));
    Request request = new Request(PRESET, filter, how, plan.rows().size());
    return measure(Recording.start(outFile, request), plan, asked);
  }

  private int resume(List<Target> targets) throws IOException {
    if (filter != null || forks != null || outFile != null || list) {
      throw new IllegalArgumentException(
          "a resumed run keeps its own filter, forks and file: resume=" + resumeFile);
    }
    Recording recording = Recording.resume(resumeFile);
    Request request = recording.run().request();
    if (!request.preset().equals(PRESET)) {
      throw new IllegalArgumentException(
          "this is no run of targets: preset=" + request.preset() + " resume=" + resumeFile);
    }
    List<TargetRows> asked = TargetRows.matching(targets, request.filter());
    int times = Integer.parseInt(request.parameters().get(FORKS).get(0));
    Plan plan = names.plan(asked, times);
    if (plan.rows().size() != request.plannedRows()) {
      throw new IllegalArgumentException(
          "a run goes on only with its own targets: rows="
              + plan.rows().size()
              + " plannedRows="
              + request.plannedRows()
              + " resume="
              + resumeFile);
    }
    return measure(recording, plan, asked);
  }

  private int measure(Recording recording, Plan plan, List<TargetRows> asked) throws IOException {
    if (plan.rows().isEmpty()) {
      judge(recording.run(), asked);
      return Main.NOTHING_MEASURED;
    }
    int code = recording.measure(plan, spec);
    int verdict = judge(recording.run(), asked);
    return code == 0 ? verdict : code;
  }

  private int judge(Run run, List<TargetRows> asked) {
    PrintWriter out = spec.commandLine().getOut();
    List<Outcome> outcomes =
        new Judge(run, names).judge(asked).stream().map(TargetResult::outcome).toList();
    out.println();
    return print(outcomes, all, strict, out);
  }

  /** Prints a table and returns the exit code. */
  static int print(List<Outcome> outcomes, boolean all, boolean strict, PrintWriter out) {
    new TargetTable(outcomes, all).lines().forEach(out::println);
    out.flush();
    if (strict && outcomes.stream().anyMatch(outcome -> outcome.verdict() == Verdict.MISSED)) {
      return Main.MISSED;
    }
    return strict && outcomes.stream().anyMatch(outcome -> outcome.verdict() != Verdict.MET)
        ? Main.NOTHING_MEASURED
        : 0;
  }

  private int list(List<TargetRows> asked, Plan plan) {
    PrintWriter out = spec.commandLine().getOut();
    for (TargetRows one : asked) {
      out.printf(
          "%-" + Target.MAX_WHAT + "s  %-28s %3d %s%n",
          one.target().what(),
          one.target().goal(),
          one.rows().size(),
          one.rows().size() == 1 ? "row" : "rows");
    }
    out.println();
    if (all) {
      plan.rows().stream().map(PlannedRow::name).forEach(out::println);
      out.println();
    }
    out.println(
        plan.rows().size()
            + " rows with the roofs and all they are compared with: about "
            + Recording.words(plan.about()));
    return 0;
  }

  private List<Target> targets() throws IOException {
    if (targetsFile == null) {
      return own();
    }
    if (!Files.isRegularFile(targetsFile)) {
      throw new IllegalArgumentException("there is no such file: file=" + targetsFile);
    }
    try {
      return TargetsJson.read(Files.readAllBytes(targetsFile));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", file=" + targetsFile, e);
    }
  }

  /** The targets of the project. */
  static List<Target> own() throws IOException {
    try (InputStream own = TargetsCommand.class.getResourceAsStream("targets.json")) {
      return TargetsJson.read(own.readAllBytes());
    }
  }
}
