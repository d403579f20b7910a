package dev.shardmark.cli;

import dev.shardmark.collectives.Algorithm;
import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Algorithms;
import dev.shardmark.collectives.BySize;
import dev.shardmark.collectives.Cores;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.Transport;
import dev.shardmark.collectives.mpi.MpiGroup;
import dev.shardmark.collectives.sweep.Effort;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
import dev.shardmark.collectives.sweep.MemoryRoof;
import dev.shardmark.collectives.sweep.Sweep;
import dev.shardmark.collectives.sweep.SweepPoint;
import dev.shardmark.collectives.tuning.Thresholds;
import dev.shardmark.collectives.tuning.Tuner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  shardmark collectives --algorithm all,auto --run results/runs/SWEEP.json",
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

  @Mixin private TransportOption transport;

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
    return switch (backend) {
      case "threads" -> amongThreads();
      case "mpi" -> MpiProcess.run(this::refuseOverMpi, this::overMpi, spec.commandLine().getErr());
      default ->
          throw new IllegalArgumentException("backend must be threads or mpi: backend=" + backend);
    };
  }

  private int amongThreads() throws IOException {
    Transport chosen = transport.get();
    List<Exercise> exercises = exercises();
    PrintedSweep.Settings settings = settings();
    ranks.forEach(this::checkRanks);
    if (thresholdsFile != null && !algorithms.contains(BySize.AUTO)) {
      throw new IllegalArgumentException(
          "thresholds must be given with the algorithm auto: algorithm=" + algorithms);
    }
    Tuner tuner = new Tuner(chosen, !noPin, settings.effort());
    AutoChoice auto = new AutoChoice(thresholdsFile, tuner, settings.sizes());
    SweepRun run = runFile == null ? null : startRun(exercises, settings, chosen);
    try (SweepFiles files = new SweepFiles(jsonFile, histogramFile, run)) {
      PrintedSweep sweep = new PrintedSweep(spec.commandLine().getOut(), files, settings);
      for (Exercise exercise : exercises) {
        for (int group : ranks) {
          allAlgorithms(sweep, exercise, group, chosen, auto);
        }
      }
      files.finish();
      return sweep.end();
    }
  }

  private SweepRun startRun(
      List<Exercise> exercises, PrintedSweep.Settings settings, Transport chosen) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (ranks.stream().anyMatch(group -> group > cores)) {
      throw new IllegalArgumentException(
          "a run must have a core for each rank: ranks=" + ranks + " cores=" + cores);
    }
    int rows = 0;
    for (Exercise exercise : exercises) {
      for (int group : ranks) {
        rows += settings.rows(exercise, group) * algorithms(exercise.operation(), chosen).size();
      }
    }
    SortedMap<String, List<String>> asked = new TreeMap<>();
    asked.put("op", operations);
    asked.put("algorithm", algorithms);
    asked.put("ranks", ranks.stream().map(String::valueOf).toList());
    asked.put("seconds", List.of(Double.toString(seconds)));
    return SweepRun.start(runFile, asked, rows, settings.effort());
  }

  private void allAlgorithms(
      PrintedSweep sweep, Exercise exercise, int group, Transport chosen, AutoChoice auto)
      throws IOException {
    List<SweepPoint> points = new ArrayList<>();
    List<String> asked = algorithms(exercise.operation(), chosen);
    for (String name : asked) {
      Algorithm algorithm;
      if (name.equals(BySize.AUTO)) {
        AutoChoice.Chosen found = auto.choose(exercise, group, chosen, points);
        sweep.say("auto, thresholds " + found.source(), found.thresholds());
        algorithm = found.thresholds().auto();
      } else {
        algorithm = AlgorithmNames.of(exercise.operation(), name);
      }
      Algorithms all = Algorithms.of(chosen).with(algorithm);
      points.addAll(amongThreads(sweep, exercise, all, group, chosen));
    }
    if (!asked.contains(BySize.AUTO) && Thresholds.hasChoice(points)) {
      sweep.say("fastest", Thresholds.measured(points));
    }
  }

  private List<SweepPoint> amongThreads(
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
      return sweep.run(threads, exercise, remarks, roofGBs);
    }
  }

  private int overMpi(MpiProcess process) throws IOException {
    MpiGroup group = process.group();
    boolean speaks = process.speaks();
    try (SweepFiles files =
        new SweepFiles(speaks ? jsonFile : null, speaks ? histogramFile : null, null)) {
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
    if (runFile != null) {
      throw new IllegalArgumentException("over mpi, no sweep is kept as a run: run=" + runFile);
    }
    List<String> choices =
        List.of("--ranks", "--algorithm", "--transport", "--links", "--no-pin", "--thresholds");
    for (String option : choices) {
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
    return operations.stream()
        .map(name -> Exercises.of(Exercises.operation(name), op, root))
        .toList();
  }

  /** Names, each once. */
  private List<String> algorithms(Operation operation, Transport chosen) {
    if (algorithms.isEmpty()) {
      return List.of(Algorithms.of(chosen).get(operation).parameter());
    }
    List<String> all =
        AlgorithmNames.of(operation, chosen).stream().map(Algorithm::parameter).toList();
    return algorithms.stream()
        .flatMap(name -> name.equals(ALL) ? all.stream() : Stream.of(name))
        .distinct()
        .toList();
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

  private Effort effort() {
    if (!(seconds > 0) || seconds > 3600) {
      throw new IllegalArgumentException(
          "seconds must be above 0, at most 3600: seconds=" + seconds);
    }
    long halfNs = (long) (seconds * 0.5e9);
    return new Effort(halfNs, Math.max(1, halfNs), Effort.USUAL.fewest(), Effort.USUAL.most());
  }
}
