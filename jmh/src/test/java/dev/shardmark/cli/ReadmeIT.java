package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * README's commands on the built jar, in its order: the run it starts first is killed half-way, so
 * that the command that resumes has something to do.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class ReadmeIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String LAUNCHER = "./shardmark ";
  private static final String RUN_FILE = "results/runs/RUN.json";

  /** Leaves the roofs, and of both ways to split a linear every degree. */
  private static final String FEWER_ROWS = " -p linear=o -p tokens=1";

  @TempDir Path folder;

  @Test
  void everyCommandRuns() throws Exception {
    Path killed = folder.resolve("killed.json");
    List<Row> kept = null;
    for (String command : commands()) {
      if (kept == null && command.startsWith("bench")) {
        kept = killedHalfWay(command + FEWER_ROWS, killed);
      }
      if (command.startsWith("bench") && !command.contains("--resume")) {
        command += " --list"; // one run is enough: all others need only have rows
      }
      assertThat(start(command, killed).waitFor()).as(command).isZero();
      if (command.contains("--resume")) {
        assertThat(kept).isNotEmpty();
        assertCompleted(RunFile.read(killed), kept);
      }
    }
    assertThat(folder.resolve("report.html")).content().contains("<svg");
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    for (String line : Files.readAllLines(HOME.resolve("README.md"))) {
      if (line.startsWith(LAUNCHER)) {
        commands.add(line.substring(LAUNCHER.length()));
      }
    }
    assertThat(commands).hasSizeGreaterThan(4);
    return commands;
  }

  /** The rows the run had finished when it was killed. */
  private List<Row> killedHalfWay(String command, Path file) throws Exception {
    Process run = start(command + " --out " + file, file);
    while (rows(file).isEmpty()
        || rows(file).size() < RunFile.read(file).request().plannedRows() / 2) {
      assertThat(run.isAlive()).as("the run ended before it was killed").isTrue();
      Thread.sleep(200);
    }
    List<ProcessHandle> forks = run.descendants().toList();
    run.destroyForcibly().waitFor();
    forks.forEach(ProcessHandle::destroyForcibly);
    return rows(file);
  }

  private static List<Row> rows(Path file) {
    return Files.exists(file) ? RunFile.read(file).rows() : List.of();
  }

  private static void assertCompleted(Run run, List<Row> kept) {
    assertThat(run.rows())
        .hasSize(run.request().plannedRows())
        .allMatch(row -> row.failure() == null);
    assertThat(run.rows().subList(0, kept.size())).isEqualTo(kept);
  }

  private Process start(String command, Path killed) throws IOException {
    String here =
        command
            .replace(RUN_FILE, killed.toString())
            .replace("report.html", folder.resolve("report.html").toString());
    List<String> words = new ArrayList<>(List.of("./shardmark"));
    words.addAll(List.of(here.strip().split("\\s+")));
    ProcessBuilder builder = new ProcessBuilder(words).directory(HOME.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(Path.of("target", "readme.log").toFile()))
        .start();
  }
}
