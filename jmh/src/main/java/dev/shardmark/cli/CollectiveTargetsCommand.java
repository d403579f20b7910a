package dev.shardmark.cli;

import dev.shardmark.cli.collectives.CollectiveTargets;
import dev.shardmark.cli.collectives.Figures;
import dev.shardmark.cli.collectives.Measurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the targets of collectives beside MPI in C, and says which are met. */
@Command(
    name = "targets",
    mixinStandardHelpOptions = true,
    description = "Measure collectives and their peers in turn, and say which targets are met.",
    footer = {
      "",
      "MPI in C is built here: it needs mpicc and mpirun; without them its targets are not measured.",
      "",
      "Exit code: 0 whatever the verdicts; with --strict 1 if a target is missed, else 3 if one was",
      "not measured.",
      "",
      "Examples:",
      "  shardmark collectives targets --out collectives.json",
      "  shardmark collectives targets --run collectives.json --all --strict"
    })
final class CollectiveTargetsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description = "Judge the figures of this file, and measure nothing.")
  private Path runFile;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the figures, as JSON.")
  private Path outFile;

  @Option(names = "--all", description = "Show every row of each target.")
  private boolean all;

  @Option(names = "--strict", description = "Let the exit code say whether all targets are met.")
  private boolean strict;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Turns of each side, of which the median counts (default: 3).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "0.25",
      description = "Time for a size, a place and a turn (default: 0.25).")
  private double seconds;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      defaultValue = "64M",
      converter = ByteSize.class,
      description = "Leave out larger sizes (default: 64M).")
  private long maxBytes;

  @Override
  public Integer call() throws IOException {
    if (runFile != null && outFile != null) {
      throw new IllegalArgumentException("--run measures nothing: it goes without --out");
    }
    if (runFile != null && !Files.isRegularFile(runFile)) {
      throw new IllegalArgumentException("there is no such file: run=" + runFile);
    }
    Figures figures = runFile == null ? measure() : Figures.read(runFile);
    PrintWriter out = spec.commandLine().getOut();
    return TargetsCommand.print(new CollectiveTargets(figures).judge(), all, strict, out);
  }

  private Figures measure() throws IOException {
    Measurement.Extent extent = new Measurement.Extent(rounds, seconds, maxBytes);
    Path folder = Files.createTempDirectory("shardmark-targets");
    try {
      PrintWriter progress = spec.commandLine().getErr();
      Figures figures = new Measurement(extent, folder, progress).measure();
      if (outFile != null) {
        figures.write(outFile);
      }
      return figures;
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
