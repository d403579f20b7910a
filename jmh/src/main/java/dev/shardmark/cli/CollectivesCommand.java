package dev.shardmark.cli;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.channel.Links;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.MemoryRoof;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.sweep.SweepTable;
import dev.shardmark.collectives.tuning.CostFit;
import dev.shardmark.collectives.tuning.Thresholds;
import dev.shardmark.collectives.tuning.Tuner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sweeps collectives over sizes, in the conventions of nccl-tests. */
@Command(
    name = "collectives",
    mixinStandardHelpOptions = true,
    description = "Time collectives size by size, and print the table of nccl-tests.",
    footer = {
      "",
      "Every element of every size is verified before it is timed. time is of calls back to back;",
      "percentiles are of calls behind a barrier, the longest of the ranks each time.",
      "",
      "Examples:",
      "  shardmark collectives --op all_reduce --algorithm direct,ring --ranks 2",
      "  shardmark collectives --op all_to_all --algorithm all --min-bytes 4K --max-bytes 4M",
      "  shardmark collectives --algorithm all,auto --run results/runs/SWEEP.json",
      "  shardmark collectives --transport emulated --links '2;1000ns,10GB/s;20000ns,1GB/s' --ranks 4"
    })
final class CollectivesCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final String ALL = "all";

  private static final String OVERSUBSCRIBED =
      "# more ranks than cores: right results and bytes, but times that mean little";

  @Spec private CommandSpec spec;

  @Option(
      names = "--op",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "all_reduce",
      description = "all_reduce, reduce, reduce_scatter, all_gather, broadcast, all_to_all.")
  private List<String> operations;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      split = ",",
      description =
          "By name, all, or auto, which chooses by size among those before it, or alone among"
              + " all, which it then measures first (default: the one that suits the transport).")
  private List<String> algorithms = List.of();

  @Option(
      names = "--ranks",
      paramLabel = "N",
      split = ",",
      defaultValue = "2",
      description = "Ranks of the group (default: 2).")
  private List<Integer> ranks;

  @Option(
      names = "--min-bytes",
      paramLabel = "SIZE",
      defaultValue = "4",
      converter = ByteSize.class,
      description = "The first size, as 4, 64K, 16M (default: 4).")
  private long minBytes;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      defaultValue = "64M",
      converter = ByteSize.class,
      description = "The last size at most (default: 64M).")
  private long maxBytes;

  @Option(
      names = "--factor",
      paramLabel = "N",
      defaultValue = "4",
      description = "From one size to the next (default: 4).")
  private int factor;

  @Option(names = "--in-place", description = "Only in place, where there is such a call.")
  private boolean inPlace;

  @Option(
      names = "--redop",
      paramLabel = "NAME",
      defaultValue = "sum",
      description = "sum, max or min (default: sum).")
  private String reduction;

  @Option(
      names = "--root",
      paramLabel = "RANK",
      defaultValue = "0",
      description = "Of a reduction or a broadcast (default: 0).")
  private int root;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      defaultValue = "shared",
      description = "shared, copying or emulated (default: shared).")
  private String transport;

  @Option(
      names = "--links",
      paramLabel = "N;LINK;LINK",
      description =
          "Ranks of a node, the link inside, the link between: 2;1000ns,10GB/s;20000ns,1GB/s.")
  private String links;

  @Option(
      names = "--no-pin",
      description =
          "Let the system move ranks from core to core; else each has its own, if it can.")
  private boolean noPin;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "1",
      description = "Time for a point, half of it to warm up (default: 1).")
  private double seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the points with the field names of nccl-tests.")
  private Path jsonFile;

  @Option(
      names = "--histogram",
      paramLabel = "FILE",
      description = "Write the isolated samples as an HdrHistogram log.")
  private Path histogramFile;

  @Option(
      names = "--thresholds",
      paramLabel = "FILE",
      description =
          "Where auto's thresholds are kept: read if they are there, else measured and added.")
  private Path thresholdsFile;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description = "Write the points as a run, with its report beside it.")
  private Path runFile;

  @Override
  public Integer call() throws IOException {
    List<Long> sizes = Sweep.sizes(minBytes, maxBytes, factor);
    Transport chosen = transport();
    Effort effort = effort();
    ReduceOp op = reduction();
    ranks.forEach(this::checkRanks);
    if (thresholdsFile != null && !algorithms.contains(BySize.AUTO)) {
      throw new IllegalArgumentException(
          "thresholds must be given with the algorithm auto: algorithm=" + algorithms);
    }
    AutoChoice auto = new AutoChoice(thresholdsFile, new Tuner(chosen, !noPin, effort), sizes);
    List<SweepPoint> points = new ArrayList<>();
    SweepRun run = runOf(effort, plannedRows(chosen, op, sizes));
    try (SweepFiles files = new SweepFiles(jsonFile, histogramFile, run)) {
      for (String name : operations) {
        Exercise exercise = Exercises.of(Exercises.operation(name), op, root);
        for (int group : ranks) {
          List<SweepPoint> same = new ArrayList<>();
          List<String> asked = algorithms(exercise.operation(), chosen);
          for (String algorithm : asked) {
            boolean chooses = algorithm.equals(BySize.AUTO);
            Algorithm runs =
                chooses
                    ? choose(auto, exercise, group, chosen, same, files)
                    : AlgorithmNames.of(exercise.operation(), algorithm);
            List<SweepPoint> swept = sweep(exercise, runs, group, chosen, effort, sizes, files);
            same.addAll(swept);
            fit(swept, files);
          }
          if (!asked.contains(BySize.AUTO)) {
            fastest(same, files);
          }
          points.addAll(same);
        }
      }
      files.finish();
    }
    boolean wrong = points.stream().anyMatch(point -> point.wrong().isPresent());
    PrintWriter out = spec.commandLine().getOut();
    out.println("# Out of bounds values : " + (wrong ? "some FAILED" : "0 OK"));
    out.flush();
    return wrong ? Main.MISSED : 0;
  }

  private Algorithm choose(
      AutoChoice auto,
      Exercise exercise,
      int group,
      Transport chosen,
      List<SweepPoint> before,
      SweepFiles files)
      throws IOException {
    AutoChoice.Chosen found = auto.choose(exercise, group, chosen, before);
    PrintWriter out = spec.commandLine().getOut();
    out.println("# auto, thresholds " + found.source() + ": " + found.thresholds().sentence());
    files.add(found.thresholds());
    return found.thresholds().auto();
  }

  /** Says from which size on which is fastest, where there was a choice. */
  private void fastest(List<SweepPoint> same, SweepFiles files) {
    List<SweepPoint> timed = same.stream().filter(p -> p.timing().isPresent()).toList();
    if (timed.stream().map(SweepPoint::algorithm).distinct().count() > 1) {
      Thresholds found = Thresholds.measured(timed);
      spec.commandLine().getOut().println("# fastest: " + found.sentence());
      files.add(found);
    }
  }

  /** Says what the points of one algorithm come to, and keeps them. */
  private void fit(List<SweepPoint> swept, SweepFiles files) {
    Optional<CostFit> fit = CostFit.of(swept);
    PrintWriter out = spec.commandLine().getOut();
    fit.ifPresent(found -> out.println("# fit: " + found.sentence()));
    files.add(swept, fit);
  }

  /** The run that was asked for, or null. */
  private SweepRun runOf(Effort effort, int plannedRows) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (runFile == null) {
      return null;
    }
    if (ranks.stream().anyMatch(group -> group > cores)) {
      throw new IllegalArgumentException(
          "a run must have a core for each rank: ranks=" + ranks + " cores=" + cores);
    }
    SortedMap<String, List<String>> asked = new TreeMap<>();
    asked.put("op", operations);
    asked.put("algorithm", algorithms);
    asked.put("ranks", ranks.stream().map(String::valueOf).toList());
    asked.put("seconds", List.of(Double.toString(seconds)));
    return SweepRun.start(runFile, asked, plannedRows, effort);
  }

  private int plannedRows(Transport chosen, ReduceOp op, List<Long> sizes) {
    int rows = 0;
    for (String name : operations) {
      Exercise exercise = Exercises.of(Exercises.operation(name), op, root);
      int places = exercise.isInPlace() ? 1 : 0;
      for (int group : ranks) {
        for (long bytes : sizes) {
          int count = exercise.count(bytes, group);
          boolean timesOut = !inPlace && exercise.outLength(count, group) > 0;
          int each = places + (timesOut ? 1 : 0);
          rows += count == 0 ? 0 : each * algorithms(exercise.operation(), chosen).size();
        }
      }
    }
    return rows;
  }

  private List<SweepPoint> sweep(
      Exercise exercise,
      Algorithm algorithm,
      int group,
      Transport chosen,
      Effort effort,
      List<Long> sizes,
      SweepFiles files)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<SweepPoint> points = new ArrayList<>();
    Algorithms all = Algorithms.of(chosen).with(algorithm);
    boolean crowded =
        group > Runtime.getRuntime().availableProcessors(); // pinned, it sees one core
    try (RankGroup ranks = RankGroup.open(group, DEADLINE, chosen, all)) {
      boolean pinned = !noPin && ranks.pin();
      double roofGBs = MemoryRoof.copyGBs(ranks);
      Sweep sweep = new Sweep(ranks, exercise, effort);
      for (long bytes : sizes) {
        if (exercise.count(bytes, group) == 0) {
          continue; // less than a block for each rank
        }
        SweepPoint point = sweep.at(bytes, !inPlace);
        if (points.isEmpty()) {
          out.println(SweepTable.header(point));
          out.printf(
              "# pinned: %s; the ranks copy %.1f GB/s together%n", pinned ? "yes" : "no", roofGBs);
          if (crowded) {
            out.println(OVERSUBSCRIBED);
          }
        }
        out.println(SweepTable.line(point, roofGBs));
        out.flush();
        points.add(point);
        files.add(point);
      }
    }
    return points;
  }

  /** Names, each once. */
  private List<String> algorithms(Operation operation, Transport chosen) {
    if (algorithms.isEmpty()) {
      Algorithm usual = Exercises.of(operation, ReduceOp.SUM, 0).algorithm(Algorithms.of(chosen));
      return List.of(usual.parameter());
    }
    List<String> all =
        AlgorithmNames.of(operation, chosen).stream().map(Algorithm::parameter).toList();
    return algorithms.stream()
        .flatMap(name -> name.equals(ALL) ? all.stream() : Stream.of(name))
        .distinct()
        .toList();
  }

  private void checkRanks(int group) {
    if (group < 2 || root < 0 || root >= group) {
      throw new IllegalArgumentException(
          "a sweep must have at least 2 ranks, and its root among them: ranks="
              + group
              + " root="
              + root);
    }
  }

  private ReduceOp reduction() {
    return Arrays.stream(ReduceOp.values())
        .filter(op -> op.parameter().equals(reduction))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("redop must be sum, max or min: redop=" + reduction));
  }

  private Transport transport() {
    if ("emulated".equals(transport) != (links != null)) {
      throw new IllegalArgumentException(
          "links must be given with the transport emulated, and with no other: transport="
              + transport
              + " links="
              + links);
    }
    return switch (transport) {
      case "shared" -> Transport.SHARED;
      case "copying" -> Transport.COPYING;
      case "emulated" -> Transport.emulated(Links.of(links));
      default ->
          throw new IllegalArgumentException(
              "transport must be shared, copying or emulated: transport=" + transport);
    };
  }

  private Effort effort() {
    if (!(seconds > 0) || seconds > 3600) {
      throw new IllegalArgumentException(
          "seconds must be above 0, at most 3600: seconds=" + seconds);
    }
    long halfNs = (long) (seconds * 0.5e9);
    return new Effort(halfNs, Math.max(1, halfNs), Effort.USUAL.fewest(), Effort.USUAL.most());
  }
}
