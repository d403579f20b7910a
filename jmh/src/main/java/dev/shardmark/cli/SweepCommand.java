package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.collectives.Algorithms;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
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
      "name.",
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

  /** Buffers, packing and garbage beside the weights. */
  private static final double ROOM = 1.25;

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

  /** A point to be timed, the same at small dimensions, and what its rows are called. */
  private record Planned(
      SweptAxis.Point point, SweptAxis.Point small, SortedMap<String, String> parameters) {}

  @Override
  public Integer call() throws IOException {
    ModelConfig model = Models.of(modelId);
    LayerSpec layer = LayerSpec.of(model, model.layers() / 2);
    Transport carrier = transport.get();
    AxisSweep sweep = new AxisSweep(warmups, samples);
    Map<String, String> illegal = new LinkedHashMap<>();
    List<Planned> plan = plan(layer, illegal);
    if (plan.isEmpty()) {
      throw new IllegalArgumentException(
          illegal.values().stream().findFirst().orElse("a sweep must have a point: axis=" + axes));
    }
    RunFile file = runFile == null ? null : start(plan.size()).file();
    AxisTable table = new AxisTable(spec.commandLine().getOut());
    CoreRoofs roofs = CoreRoofs.measure();
    table.head(model.id(), words(layer), roofs);
    illegal.forEach((point, why) -> table.say("%s not legal: %s", point, why));
    List<Roof> list = list(roofs);
    if (file != null && file.run().roofs().isEmpty()) {
      file.roofs(list);
    }
    AxisRows rows = new AxisRows(model.id(), settings(), Roofline.of(list));
    int failed = 0;
    for (Planned planned : plan) {
      for (Row row : rows(planned, rows, sweep, carrier)) {
        table.row(planned.point().split(), row);
        failed += row.ok() ? 0 : 1;
        if (file != null) {
          file.add(row);
        }
      }
    }
    finish(file);
    return failed == 0 ? 0 : Main.MISSED;
  }

  private List<Planned> plan(LayerSpec layer, Map<String, String> illegal) {
    List<SweptAxis> all = axes.stream().map(SweptAxis::of).toList();
    List<ContextScheme> ways = schemes.stream().map(ContextScheme::of).toList();
    List<Phase> kinds = phases.stream().map(Phase::of).toList();
    List<Planned> plan = new ArrayList<>();
    for (SweptAxis axis : all) {
      for (Phase phase : kinds) {
        for (int count : tokens) {
          for (int degree : degrees) {
            add(
                axis,
                new SweptAxis.Asked(layer, degree, phase, count, context, skew, inFlight, ways),
                plan,
                illegal);
          }
        }
      }
    }
    return plan;
  }

  private static void add(
      SweptAxis axis, SweptAxis.Asked asked, List<Planned> plan, Map<String, String> illegal) {
    SortedMap<String, String> parameters = new TreeMap<>();
    parameters.put(Names.PHASE, asked.phase().parameter());
    parameters.put(Names.TOKENS, Integer.toString(asked.tokens()));
    if (asked.phase() == Phase.DECODE) {
      parameters.put("context", Integer.toString(asked.context()));
    }
    try {
      List<SweptAxis.Point> points = axis.points(asked);
      List<SweptAxis.Point> small = axis.points(asked.small());
      for (int i = 0; i < points.size(); i++) {
        plan.add(new Planned(points.get(i), small.get(i), parameters));
      }
    } catch (IllegalArgumentException e) {
      String point = axis.parameter() + " " + asked.degree() + " " + parameters;
      illegal.put(point, e.getMessage());
    }
  }

  private List<Row> rows(Planned planned, AxisRows rows, AxisSweep sweep, Transport carrier) {
    AxisSplit split = planned.point().split();
    List<Row> found = new ArrayList<>();
    if (!noAlone) {
      found.add(alone(planned, rows, sweep));
    }
    boolean hasCores = split.ranks() <= Runtime.getRuntime().availableProcessors();
    if (!noTogether && split.ranks() > 1 && hasCores) {
      found.add(together(planned, rows, sweep, carrier));
    }
    return found;
  }

  private Row alone(Planned planned, AxisRows rows, AxisSweep sweep) {
    AxisSplit split = planned.point().split();
    String tooLarge = tooLarge(split.rankWeights(split.busiest()));
    if (tooLarge != null) {
      return rows.failed(planned.parameters(), split, Names.ALONE, tooLarge);
    }
    long sent = split.sentBytes(Algorithms.of(Transport.COPYING), split.busiest());
    SweptAxis.Point small = planned.small();
    double rehearsed = AxisSweep.rehearse(small.split(), small.whole(), small.setup());
    return rows.alone(planned.parameters(), split, sent, sweep.alone(split), rehearsed);
  }

  private Row together(Planned planned, AxisRows rows, AxisSweep sweep, Transport carrier) {
    AxisSplit split = planned.point().split();
    AxisSplit whole = planned.point().whole();
    long weights = whole.rankWeights(0);
    for (int rank = 0; rank < split.ranks(); rank++) {
      weights += split.rankWeights(rank);
    }
    String tooLarge = tooLarge(weights);
    if (tooLarge != null) {
      return rows.failed(planned.parameters(), split, carrier.parameter(), tooLarge);
    }
    try (RankGroup single = RankGroup.open(1, DEADLINE);
        RankGroup group = RankGroup.open(split.ranks(), DEADLINE, carrier)) {
      group.pin();
      AxisSweep.Measured measured =
          sweep.together(split, group, whole, single, planned.point().setup());
      return rows.together(planned.parameters(), split, carrier.parameter(), measured);
    }
  }

  private static String tooLarge(long weights) {
    double needed = ROOM * Float.BYTES * weights;
    double most = Runtime.getRuntime().maxMemory();
    return needed <= most
        ? null
        : String.format(
            Locale.ROOT,
            "weights must fit the heap: neededGB=%.1f heapGB=%.1f",
            needed / 1e9,
            most / 1e9);
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

  private static List<Roof> list(CoreRoofs roofs) {
    return List.of(
        new Roof(Names.FMA, null, 1, roofs.gflops(), Roof.GFLOPS),
        new Roof(Names.READ, Caches.DRAM, 1, roofs.readGBs(), Roof.GBS));
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
