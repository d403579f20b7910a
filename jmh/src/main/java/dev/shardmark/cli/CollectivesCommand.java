package dev.shardmark.cli;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.Cores;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.channel.Links;
import dev.shardmark.collectives.mpi.MpiGroup;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.MemoryRoof;
import dev.shardmark.collectives.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
      "  mpirun -n 2 ./shardmark collectives --backend mpi --op all_reduce --max-bytes 1M",
      "  shardmark collectives --transport emulated --links '2;1000ns,10GB/s;20000ns,1GB/s' --ranks 4"
    })
final class CollectivesCommand implements Callable<Integer> {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final String ALL = "all";

  private static final String OVERSUBSCRIBED =
      "more ranks than cores: right results and bytes, but times that mean little";

  @Spec private CommandSpec spec;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "threads",
      description = "threads of this process, or mpi: the processes of mpirun (default: threads).")
  private String backend;

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
    return switch (backend) {
      case "threads" -> amongThreads();
      case "mpi" -> MpiProcess.run(this::refuseOverMpi, this::overMpi, spec.commandLine().getErr());
      default ->
          throw new IllegalArgumentException("backend must be threads or mpi: backend=" + backend);
    };
  }

  private int amongThreads() throws IOException {
    Transport chosen = transport();
    List<Exercise> exercises = exercises();
    PrintedSweep.Settings settings = settings();
    try (SweepFiles files = new SweepFiles(jsonFile, histogramFile)) {
      PrintedSweep sweep = new PrintedSweep(spec.commandLine().getOut(), files, settings);
      for (Exercise exercise : exercises) {
        for (int group : ranks) {
          checkRanks(group);
          for (Algorithm algorithm : algorithms(exercise.operation(), chosen)) {
            amongThreads(sweep, exercise, Algorithms.of(chosen).with(algorithm), group, chosen);
          }
        }
      }
      return sweep.end();
    }
  }

  private void amongThreads(
      PrintedSweep sweep, Exercise exercise, Algorithms all, int group, Transport chosen) {
    boolean crowded =
        group > Runtime.getRuntime().availableProcessors(); // pinned, it sees one core
    try (RankGroup threads = RankGroup.open(group, DEADLINE, chosen, all)) {
      boolean pinned = !noPin && threads.pin();
      double roofGBs = MemoryRoof.copyGBs(threads);
      String remark =
          String.format(
              Locale.ROOT,
              "pinned: %s; the ranks copy %.1f GB/s together",
              pinned ? "yes" : "no",
              roofGBs);
      List<String> remarks = crowded ? List.of(remark, OVERSUBSCRIBED) : List.of(remark);
      sweep.run(threads, exercise, remarks, roofGBs);
    }
  }

  private int overMpi(MpiProcess process) throws IOException {
    MpiGroup group = process.group();
    boolean speaks = process.speaks();
    try (SweepFiles files =
        new SweepFiles(speaks ? jsonFile : null, speaks ? histogramFile : null)) {
      PrintedSweep sweep =
          new PrintedSweep(process.out(spec.commandLine().getOut()), files, settings());
      List<String> remarks = new ArrayList<>(List.of(process.version()));
      group.each(
          rank -> {
            if (Cores.areFewerThanRanks(rank)) {
              remarks.add(OVERSUBSCRIBED);
            }
          });
      for (Exercise exercise : exercises()) {
        sweep.run(group, exercise, remarks, 0);
      }
      return sweep.end();
    }
  }

  /** Comes to the same end on every rank, from the command line and the number of ranks. */
  private void refuseOverMpi(MpiGroup group) {
    boolean named = !algorithms.isEmpty() && !algorithms.equals(List.of(group.carrier()));
    for (String option : List.of("--ranks", "--algorithm", "--transport", "--links", "--no-pin")) {
      boolean given = spec.commandLine().getParseResult().hasMatchedOption(option);
      if (option.equals("--algorithm") ? named : given) {
        throw new IllegalArgumentException(
            "over mpi, ranks and cores are mpirun's choice and algorithms the library's: option="
                + option);
      }
    }
    checkRoot(group.size());
    exercises();
    settings();
  }

  private List<Exercise> exercises() {
    ReduceOp op = reduction();
    return operations.stream().map(name -> Exercises.of(operation(name), op, root)).toList();
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
      return List.of(Algorithms.of(chosen).get(operation));
    }
    if (algorithms.equals(List.of(ALL))) {
      return AlgorithmNames.of(operation).stream()
          .filter(algorithm -> !chosen.copies() || !algorithm.needsSharedMemory())
          .toList();
    }
    return algorithms.stream().map(name -> AlgorithmNames.of(operation, name)).toList();
  }

  private void checkRanks(int group) {
    if (group < 2) {
      throw new IllegalArgumentException("a sweep must have at least 2 ranks: ranks=" + group);
    }
    checkRoot(group);
  }

  private void checkRoot(int group) {
    if (root < 0 || root >= group) {
      throw new IllegalArgumentException(
          "the root of a sweep must be among its ranks: ranks=" + group + " root=" + root);
    }
  }

  private PrintedSweep.Settings settings() {
    return new PrintedSweep.Settings(Sweep.sizes(minBytes, maxBytes, factor), !inPlace, effort());
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
