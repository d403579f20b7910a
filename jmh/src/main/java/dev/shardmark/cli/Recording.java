package dev.shardmark.cli;

import dev.shardmark.cli.claims.ConfigurationFacts;
import dev.shardmark.jmh.environment.Environment;
import dev.shardmark.jmh.plan.Plan;
import dev.shardmark.jmh.run.BenchRun;
import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.report.Report;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** A run file that a command measures into, begun or gone on with. */
final class Recording {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final RunFile file;
  private final Path path;

  private Recording(RunFile file, Path path) {
    this.file = file;
    this.path = path;
  }

  /** Begins a file: the one that was asked for, or one named after the moment. */
  static Recording start(Path outFile, Request request) {
    Fingerprint fingerprint = new Environment().fingerprint();
    Instant now = Instant.now();
    String id = STAMP.format(now) + "-" + shortCommit(fingerprint) + "-" + host(fingerprint);
    Path path = outFile == null ? home().resolve("results/runs/" + id + ".json") : outFile;
    return new Recording(RunFile.create(path, Run.started(id, now, request, fingerprint)), path);
  }

  /**
   * Goes on with a file.
   *
   * @throws IllegalArgumentException if it is of another machine, JVM or build
   */
  static Recording resume(Path path) {
    RunFile file = RunFile.resume(path);
    requireHere(file.run().fingerprint(), path);
    return new Recording(file, path);
  }

  /**
   * The newest of this project's runs.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Path latest() throws IOException {
    Path folder = home().resolve("results/runs");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        Optional<Path> newest =
            files
                .filter(file -> file.toString().endsWith(".json"))
                .max(Comparator.comparing(Recording::changedAt));
        if (newest.isPresent()) {
          return newest.get();
        }
      }
    }
    throw new IllegalArgumentException("there must be a run to add rows to: folder=" + folder);
  }

  /** A file that is gone meanwhile is the oldest. */
  private static long changedAt(Path file) {
    return file.toFile().lastModified();
  }

  /**
   * Goes on with a file whose rows may all be there, to add others.
   *
   * @throws IllegalArgumentException if it is of another machine, JVM or build
   */
  static Recording reopen(Path path) {
    requireHere(RunFile.read(path).fingerprint(), path);
    return new Recording(RunFile.reopen(path), path);
  }

  private static void requireHere(Fingerprint was, Path path) {
    Fingerprint here = new Environment().fingerprint();
    List<String> changed = new ArrayList<>();
    addChanged(was.machine(), here.machine(), changed);
    addChanged(was.jvm(), here.jvm(), changed);
    addChanged(was.build(), here.build(), changed);
    if (!changed.isEmpty()) {
      throw new IllegalArgumentException(
          "a run goes on only on its own machine, JVM and build: changed="
              + changed
              + " resume="
              + path);
    }
  }

  private static void addChanged(
      Map<String, String> was, Map<String, String> is, List<String> changed) {
    was.forEach(
        (name, fact) -> {
          if (!fact.equals(is.get(name))) {
            changed.add(name);
          }
        });
  }

  /** The file, to add rows to it that no plan names. */
  RunFile file() {
    return file;
  }

  /** What the file holds now. */
  Run run() {
    return file.run();
  }

  /** Measures what the file lacks of a plan, writes the report, and returns an exit code. */
  int measure(Plan plan, CommandSpec spec) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        plan.rows().size()
            + " rows, "
            + plan.roofCount()
            + " of them this machine's roofs; preset "
            + run().request().preset()
            + ", "
            + plan.forks()
            + (plan.forks() == 1 ? " fork" : " forks")
            + " a row: about "
            + words(plan.about()));
    out.flush();
    boolean terminal = System.console() != null && System.console().isTerminal();
    long good = BenchRun.measure(plan, file, beside(path, ".log"), System.out, terminal);
    Path report = beside(path, ".html");
    Report.write(file.run(), ConfigurationFacts.all(), report);
    out.println("run    " + path.toAbsolutePath().normalize());
    out.println("report " + report.toAbsolutePath().normalize());
    out.flush();
    if (good == 0) {
      spec.commandLine().getErr().println("no row has figures: run=" + path);
      return Main.NOTHING_MEASURED;
    }
    return 0;
  }

  /** For example {@code 1 h 20 min}. */
  static String words(Duration time) {
    String minutes = time.toMinutesPart() + " min";
    return time.toHours() == 0 ? minutes : time.toHours() + " h " + minutes;
  }

  /** The file of the same name with another ending. */
  static Path beside(Path path, String ending) {
    String name = path.getFileName().toString();
    String stem = name.endsWith(".json") ? name.substring(0, name.length() - 5) : name;
    return path.resolveSibling(stem + ending);
  }

  private static Path home() {
    return Path.of(System.getProperty("shardmark.home", "."));
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
