package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.CollectiveException;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.Transport;
import dev.shardmark.kernels.Caches;
import dev.shardmark.model.ModelConfig;
import dev.shardmark.model.Models;
import dev.shardmark.parallel.LayerSpec;
import dev.shardmark.parallel.sweep.AxisSplit;
import dev.shardmark.parallel.sweep.AxisSweep;
import dev.shardmark.parallel.sweep.ContextScheme;
import dev.shardmark.parallel.sweep.CoreRoofs;
import dev.shardmark.parallel.sweep.Phase;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Roof;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Settings;
import dev.shardmark.results.report.Names;
import dev.shardmark.results.report.Report;
import dev.shardmark.results.store.RunFile;
import dev.shardmark.results.unit.Roofline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sweeps the axes of parallelism over degrees, for a layer of a published model. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Split a layer of a model along each axis: what a rank computes, holds and says.",
    footer = {
      "",
      "At every degree the busiest rank's kernels are timed alone on a core. Up to the number of",
      "cores, all ranks run together as well, in turns with one rank that has the whole; what both",
      "end with is compared. Degrees that do not divide the model or the tokens are left out, by",
      "name, and so are rows that the run has.",
      "",
      "Examples:",
      "  shardmark sweep --model llama-3.1-8b --axis tp,sp,cp,pp,dp --degrees 1,2,4,8 --tokens 1,64,512",
      "  shardmark sweep --model mixtral-8x7b --axis ep --degrees 2 --tokens 512 --phase prefill",
      "  shardmark sweep --axis tp --transport emulated --links '1;1000ns,10GB/s;20000ns,1GB/s'",
      "  shardmark sweep --run results/runs/AXES.json"
    })
final class SweepCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private static final Path LATEST = Path.of("latest");

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "ID",
      defaultValue = "llama-3.1-8b",
      description = "A published model; its middle layer is split (default: llama-3.1-8b).")
  private String modelId;

  @Option(
      names = "--axis",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "tp,sp,cp,pp,dp",
      description = "tp, sp, ep, cp, pp, dp (default: all but ep).")
  private List<String> axes;

  @Option(
      names = "--degrees",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8",
      description = "Ranks of the axis (default: 1,2,4,8).")
  private List<Integer> degrees;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      split = ",",
      defaultValue = "64",
      description = "New tokens of a step, all ranks together (default: 64).")
  private List<Integer> tokens;

  @Option(
      names = "--phase",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "prefill,decode",
      description = "prefill, decode (default: both).")
  private List<String> phases;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "256",
      description = "Tokens each sequence of a decode has cached (default: 256).")
  private int context;

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "ring,zigzag,all_gather,ulysses",
      description =
          "Of the axis cp: ring, zigzag, striped, all_gather, ulysses (default: all but striped).")
  private List<String> schemes;

  @Option(
      names = "--skew",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "Of the axes ep and dp: exponent of the power law by which tokens choose experts"
              + " (default: 0, uniform).")
  private double skew;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "32",
      description = "Of the axis pp: requests under way, which divide the tokens (default: 32).")
  private int inFlight;

  @Mixin private TransportOption transport;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "5",
      description = "Steps that are timed of each point (default: 5).")
  private int samples;

  @Option(
      names = "--warmups",
      paramLabel = "N",
      defaultValue = "3",
      description = "Steps before those (default: 3).")
  private int warmups;

  @Option(names = "--no-alone", description = "Only ranks together.")
  private boolean noAlone;

  @Option(names = "--no-together", description = "Only ranks alone.")
  private boolean noTogether;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description =
          "Add the rows to this run, or begin it, and write its report beside it; latest is the"
              + " newest of results/runs.")
  private Path runFile;

  @Override
  public Integer call() throws IOException {
    ModelConfig model = Models.of(modelId);
    LayerSpec layer = LayerSpec.of(model, model.layers() / 2);
    Transport carrier = transport.get();
    AxisSweep sweep = new AxisSweep(warmups, samples);
    SweepPlan plan = SweepPlan.of(axes.stream().map(SweptAxis::of).toList(), questions(layer));
    RunFile file = runFile == null ? null : start(plan.points().size()).file();
    List<Roof> roofs = roofs(file);
    AxisTable table = new AxisTable(spec.commandLine().getOut());
    plan.illegal().forEach((why, points) -> table.say("# not legal: %s: %s", points, why));
    table.head(model.id(), words(layer), roofs);
    AxisRows rows = new AxisRows(model.id(), settings(), Roofline.of(roofs));
    Set<String> kept =
        file == null
            ? Set.of()
            : file.run().rows().stream().map(Row::name).collect(Collectors.toSet());
    int failed = 0;
    for (SweepPlan.Planned planned : plan.points()) {
      for (Timing timing : timings(planned, rows, sweep, carrier)) {
        AxisSplit split = planned.point().split();
        if (kept.contains(rows.name(planned.parameters(), split, timing.transport()))) {
          table.kept(split, timing.transport());
          continue;
        }
        Row row = timing.row().get();
        table.row(split, row);
        failed += row.ok() ? 0 : 1;
        if (file != null) {
          file.add(row);
        }
      }
    }
    finish(file);
    return failed == 0 ? 0 : Main.MISSED;
  }

  /** What is timed of a point, when its turn comes. */
  private record Timing(String transport, Supplier<Row> row) {}

  private List<SweptAxis.Asked> questions(LayerSpec layer) {
    List<ContextScheme> ways = schemes.stream().map(ContextScheme::of).toList();
    List<Phase> kinds = phases.stream().map(Phase::of).toList();
    List<SweptAxis.Asked> questions = new ArrayList<>();
    for (Phase phase : kinds) {
      for (int count : tokens) {
        for (int degree : degrees) {
          questions.add(
              new SweptAxis.Asked(layer, degree, phase, count, context, skew, inFlight, ways));
        }
      }
    }
    return questions;
  }

  /** The ceilings of the run that rows are added to, or else measured now. */
  private static List<Roof> roofs(RunFile file) {
    if (file != null && !file.run().roofs().isEmpty()) {
      return file.run().roofs();
    }
    CoreRoofs measured = CoreRoofs.measure();
    List<Roof> roofs =
        List.of(
            new Roof(Names.FMA, null, 1, measured.gflops(), Roof.GFLOPS),
            new Roof(Names.READ, Caches.DRAM, 1, measured.readGBs(), Roof.GBS));
    if (file != null) {
      file.roofs(roofs);
    }
    return roofs;
  }

  private List<Timing> timings(
      SweepPlan.Planned planned, AxisRows rows, AxisSweep sweep, Transport carrier) {
    AxisSplit split = planned.point().split();
    List<Timing> timings = new ArrayList<>();
    if (!noAlone) {
      timings.add(new Timing(Names.ALONE, () -> alone(planned, rows, sweep)));
    }
    boolean hasCores = split.ranks() <= Runtime.getRuntime().availableProcessors();
    if (!noTogether && split.ranks() > 1 && hasCores) {
      timings.add(new Timing(carrier.parameter(), () -> together(planned, rows, sweep, carrier)));
    }
    return timings;
  }

  private static Row alone(SweepPlan.Planned planned, AxisRows rows, AxisSweep sweep) {
    AxisSplit split = planned.point().split();
    String tooSmall =
        new SweepMemory(planned.point().setup()).plus(split, split.busiest()).tooSmall();
    if (tooSmall != null) {
      return rows.failed(planned.parameters(), split, Names.ALONE, tooSmall);
    }
    long sent = split.sentBytes(Algorithms.of(Transport.COPYING), split.busiest());
    SweptAxis.Point small = planned.small();
    try {
      double rehearsed = AxisSweep.rehearse(small.split(), small.whole(), small.setup());
      return rows.alone(planned.parameters(), split, sent, sweep.alone(split), rehearsed);
    } catch (CollectiveException e) {
      return rows.failed(planned.parameters(), split, Names.ALONE, e.getMessage());
    }
  }

  private static Row together(
      SweepPlan.Planned planned, AxisRows rows, AxisSweep sweep, Transport carrier) {
    AxisSplit split = planned.point().split();
    AxisSplit whole = planned.point().whole();
    String tooSmall = new SweepMemory(planned.point().setup()).plus(split).plus(whole).tooSmall();
    if (tooSmall != null) {
      return rows.failed(planned.parameters(), split, carrier.parameter(), tooSmall);
    }
    try (RankGroup single = RankGroup.open(1, DEADLINE);
        RankGroup group = RankGroup.open(split.ranks(), DEADLINE, carrier)) {
      group.pin();
      AxisSweep.Measured measured =
          sweep.together(split, group, whole, single, planned.point().setup());
      return rows.together(planned.parameters(), split, carrier.parameter(), measured);
    } catch (CollectiveException e) {
      return rows.failed(planned.parameters(), split, carrier.parameter(), e.getMessage());
    }
  }

  private Recording start(int points) throws IOException {
    if (runFile.equals(LATEST)) {
      runFile = Recording.latest();
    }
    if (Files.exists(runFile)) {
      return Recording.reopen(runFile);
    }
    SortedMap<String, List<String>> asked = new TreeMap<>();
    asked.put(Names.MODEL, List.of(modelId));
    asked.put("axis", axes);
    asked.put(Names.DEGREE, degrees.stream().map(String::valueOf).toList());
    asked.put(Names.TOKENS, tokens.stream().map(String::valueOf).toList());
    asked.put(Names.PHASE, phases);
    return Recording.start(runFile, new Request("sweep", null, asked, points));
  }

  private void finish(RunFile file) throws IOException {
    if (file != null) {
      file.finish(Instant.now());
      Path report = Recording.beside(runFile, ".html");
      Report.write(file.run(), ConfigurationFacts.all(), report);
      spec.commandLine().getOut().println("report " + report.toAbsolutePath().normalize());
      spec.commandLine().getOut().flush();
    }
  }

  private Settings settings() {
    return new Settings(
        1, warmups, samples, 0, ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  private static String words(LayerSpec layer) {
    String mlp =
        layer.experts() == 0
            ? "width " + layer.width()
            : layer.experts() + " experts of width " + layer.width() + ", top " + layer.topK();
    return "hidden %d, %d heads of %d, %d key heads, %s, fp32"
        .formatted(layer.hidden(), layer.heads(), layer.headDim(), layer.kvHeads(), mlp);
  }
}
