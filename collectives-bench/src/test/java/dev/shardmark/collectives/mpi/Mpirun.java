package dev.shardmark.collectives.mpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ranks as processes of the JDK and the class path of this test, started by {@code mpirun}. */
public final class Mpirun {
  private static final System.Logger LOG = System.getLogger(Mpirun.class.getName());
  private static final long DEADLINE_S = 60;

  private Mpirun() {}

  /** How a job ended, and what its ranks and mpirun printed. */
  public record Outcome(int code, String output) {}

  /** Runs the main class on each rank; without MPI the test that calls is skipped, and says so. */
  public static Outcome run(int ranks, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(launcher());
    command.addAll(List.of("-n", Integer.toString(ranks)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return finish(command);
  }

  /** mpirun with what it needs to start any number of ranks for any user. */
  private static List<String> launcher() throws IOException {
    String version = "";
    try {
      MpiLibrary.open();
      version = finish(List.of("mpirun", "--version")).output();
    } catch (IOException | MpiUnavailableException e) {
      skip(e.getMessage());
    }
    if (!version.contains("Open MPI")) { // MPICH's starts any number, for root too, and binds none
      return List.of("mpirun");
    }
    return List.of("mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none");
  }

  private static void skip(String why) {
    LOG.log(System.Logger.Level.WARNING, "skipped: " + why);
    abort(why);
  }

  private static Outcome finish(List<String> command) throws IOException {
    Path output = Files.createTempFile("shardmark-mpirun", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("UCX_ERROR_SIGNALS", ""); // they are the JVM's
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(DEADLINE_S, TimeUnit.SECONDS);
      assertThat(ended)
          .as("%s within %d s: %s", command, DEADLINE_S, Files.readString(output))
          .isTrue();
      return new Outcome(process.exitValue(), Files.readString(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
