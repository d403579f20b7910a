package dev.shardmark.cli;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
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
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Sweeps collectives over sizes, in the conventions of nccl-tests. */
@Command(
    name = "collectives",
    mixinStandardHelpOptions = true,
    subcommands = CollectiveTargetsCommand.class,
    description = "Time collectives size by size, and print the table of nccl-tests.",
    footer = {
      "",
      "Every element of every size is verified before it is timed. time is of calls back to back;",
      "percentiles are of calls behind a barrier, the longest of the ranks each time.",
      "",
      "Examples:",
      "  shardmark collectives --op all_reduce --algorithm direct,ring --ranks 2",
      "  shardmark collectives --op all_to_all --algorithm all --min-bytes 4K --max-bytes 4M",
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
      description = "By name, or all (default: the one that suits the transport).")
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

  @Override
  public Integer call() throws IOException {
    List<Long> sizes = Sweep.sizes(minBytes, maxBytes, factor);
    Transport chosen = transport();
    Effort effort = effort();
    ReduceOp op = reduction();
    List<SweepPoint> points = new ArrayList<>();
    try (SweepFiles files = new SweepFiles(jsonFile, histogramFile)) {
      for (String name : operations) {
        Operation operation = operation(name);
        Exercise exercise = Exercises.of(operation, op, root);
        for (int group : ranks) {
          checkRanks(group);
          for (Algorithm algorithm : algorithms(operation, chosen)) {
            points.addAll(sweep(exercise, algorithm, group, chosen, effort, sizes, files));
          }
        }
      }
    }
    boolean wrong = points.stream().anyMatch(point -> point.wrong().isPresent());
    PrintWriter out = spec.commandLine().getOut();
    out.println("# Out of bounds values : " + (wrong ? "some FAILED" : "0 OK"));
    out.flush();
    return wrong ? Main.MISSED : 0;
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

  private static Operation operation(String name) {
    return Exercises.OPERATIONS.stream()
        .filter(operation -> operation.parameter().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "op must be one of "
                        + Exercises.OPERATIONS.stream().map(Operation::parameter).toList()
                        + ": op="
                        + name));
  }

  private List<Algorithm> algorithms(Operation operation, Transport chosen) {
    if (algorithms.isEmpty()) {
      return List.of(Exercises.of(operation, ReduceOp.SUM, 0).algorithm(Algorithms.of(chosen)));
    }
    if (algorithms.equals(List.of(ALL))) {
      return AlgorithmNames.of(operation).stream()
          .filter(algorithm -> !chosen.copies() || !algorithm.needsSharedMemory())
          .toList();
    }
    return algorithms.stream().map(name -> AlgorithmNames.of(operation, name)).toList();
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
