package dev.shardmark.cli;

import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.plan.Preset;
import dev.shardmark.results.format.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  private List<String> parameters = List.of();

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
    SortedMap<String, List<String>> replaced = replaced(parameters);
    Plan plan = Plan.of(chosen, filter, replaced);
    if (plan.rows().isEmpty()) {
      spec.commandLine().getErr().println(whyNone(plan));
      return Main.NOTHING_MEASURED;
    }
    if (!plan.absent().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("left out, " + Plan.ABSENT_HERE + ": rows=" + plan.absent());
    }
    if (list) {
      plan.rows().forEach(row -> spec.commandLine().getOut().println(row.name()));
      return 0;
    }
    Request request = new Request(chosen.parameter(), filter, replaced, plan.rows().size());
    return Recording.start(outFile, request).measure(plan, spec);
  }

  private static SortedMap<String, List<String>> replaced(List<String> parameters) {
    SortedMap<String, List<String>> replaced = new TreeMap<>();
    for (String parameter : parameters) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "a parameter must be NAME=VALUE[,VALUE]: -p " + parameter);
      }
      String name = parameter.substring(0, equals);
      List<String> values = List.of(parameter.substring(equals + 1).split(",", -1));
      if (replaced.put(name, values) != null) {
        throw new IllegalArgumentException(
            "a parameter must be given once, with commas between its values: name=" + name);
      }
    }
    return replaced;
  }

  private String whyNone(Plan plan) {
    if (!plan.absent().isEmpty()) {
      return "no row can be measured, " + Plan.ABSENT_HERE + ": rows=" + plan.absent();
    }
    return "no row of the preset matches the filter: preset="
        + plan.preset().parameter()
        + " filter="
        + filter;
  }

  private int resume() throws IOException {
    if (preset != null || filter != null || !parameters.isEmpty() || outFile != null || list) {
      throw new IllegalArgumentException(
          "a resumed run keeps its own preset, filter, parameters and file: resume=" + resumeFile);
    }
    Recording recording = Recording.resume(resumeFile);
    Request request = recording.run().request();
    if (request.preset().equals(TargetsCommand.PRESET)) {
      throw new IllegalArgumentException(
          "a run of targets goes on with shardmark targets --resume: resume=" + resumeFile);
    }
    Plan plan = Plan.of(Preset.of(request.preset()), request.filter(), request.parameters());
    return recording.measure(plan, spec);
  }
}
