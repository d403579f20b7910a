package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A sweep of processes, alone or started by Open MPI's mpirun: what a user sees. */
class CollectivesOverMpiTest {
  private static final System.Logger LOG = System.getLogger(CollectivesOverMpiTest.class.getName());

  private static final long DEADLINE_S = 60;
  private static final List<String> ALONE = List.of();
  private static final List<String> TWO = List.of("mpirun", "-n", "2");

  /** As root, without binding, and on one core too. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "OMPI_ALLOW_RUN_AS_ROOT", "1",
          "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1",
          "OMPI_MCA_hwloc_base_binding_policy", "none",
          "OMPI_MCA_rmaps_base_oversubscribe", "1");

  @TempDir private Path folder;

  @Test
  void rankZeroPrintsOneTableAndWritesTheFile() throws IOException {
    Path json = folder.resolve("sweep.json");
    Outcome outcome =
        run(TWO, "--op", "all_reduce,all_to_all", "--json", json.toString(), "--max-bytes", "1K");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsOnlyOnce("# all_reduce, algorithm mpi, 2 ranks, transport mpi")
        .containsOnlyOnce("# all_to_all, algorithm mpi, 2 ranks, transport mpi")
        .containsOnlyOnce("# Out of bounds values : 0 OK");
    JsonNode result = JsonMapper.shared().readTree(Files.readString(json)).get("results").get(0);
    assertThat(result.get("backend").asString()).isEqualTo("mpi");
    assertThat(result.get("algorithm").asString()).isEqualTo("mpi");
    assertThat(result.get("ranks").asInt()).isEqualTo(2);
    assertThat(result.get("in_place").get("time").asDouble()).isPositive();
    assertThat(result.get("in_place").get("nwrong").asInt()).isZero();
    assertThat(result.get("in_place").has("mem_bw")).isFalse();
  }

  @Test
  void rankThatCannotWriteEndsAll() throws IOException {
    String json = folder.resolve("missing/sweep.json").toString();
    Outcome outcome = run(TWO, "--json", json, "--max-bytes", "1K");
    assertThat(outcome.err()).contains("rank 0 failed: the file cannot be written: json=" + json);
    assertThat(outcome.code()).isEqualTo(2);
  }

  @Test
  void refusesOnceForAllRanks() throws IOException {
    Outcome outcome = run(TWO, "--algorithm", "ring");
    assertThat(outcome.err()).containsOnlyOnce("over mpi, ranks and cores are mpirun's choice");
    assertThat(outcome.code()).isEqualTo(2);
  }

  @Test
  void ranksWithoutACoreAreSaidToBeSlow() throws IOException {
    int ranks = Runtime.getRuntime().availableProcessors() + 1;
    assumeTrue(ranks < 9, "no more processes than a test should start");
    List<String> launcher = List.of("mpirun", "-n", Integer.toString(ranks));
    Outcome outcome = run(launcher, "--max-bytes", "4");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).containsOnlyOnce("# more ranks than cores");
  }

  @Test
  void isOneRankWithoutMpirun() throws IOException {
    Outcome outcome = run(ALONE, "--max-bytes", "4", "--algorithm", "mpi");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("1 ranks", "0 OK").doesNotContain("more ranks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--ranks 4", "--root 1"})
  void refusesInOneSentence(String arguments) throws IOException {
    Outcome outcome = run(ALONE, arguments.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines().filter(line -> !line.startsWith("WARNING")))
        .singleElement()
        .asString()
        .matches("over mpi, .*: option=--.*|the root of a sweep .*: ranks=1 root=1");
  }

  /** Each process would take itself for all there is, and print a table. */
  @Test
  void refusesTheLibraryOfAnotherLauncher() throws IOException {
    Outcome outcome = run(List.of("env", "PMI_SIZE=2"), "--max-bytes", "4");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("the MPI library must belong to the launcher, which has started 2 ranks");
  }

  @Test
  void saysThatThereIsNoLibrary() throws IOException {
    Outcome outcome = finish(ALONE, List.of("-Dshardmark.mpi=none.so"), List.of());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err().lines().filter(line -> !line.startsWith("WARNING")))
        .containsExactly(
            "no MPI library was found: install openmpi-bin, or set"
                + " -Dshardmark.mpi=FILE: tried=none.so");
  }

  private record Outcome(int code, String out, String err) {}

  private Outcome run(List<String> launcher, String... arguments) throws IOException {
    skipUnless(launcher.isEmpty() || isOpenMpi(), "there is no mpirun of Open MPI");
    Outcome outcome = finish(launcher, List.of(), List.of(arguments));
    skipUnless(!outcome.err().contains("no MPI library was found"), outcome.err());
    return outcome;
  }

  private static void skipUnless(boolean possible, String reason) {
    if (!possible) {
      LOG.log(System.Logger.Level.WARNING, "skipped: " + reason);
      abort(reason);
    }
  }

  private boolean isOpenMpi() {
    try {
      return wait(new ProcessBuilder("mpirun", "--version")).out().contains("Open MPI");
    } catch (IOException e) {
      return false;
    }
  }

  private Outcome finish(List<String> launcher, List<String> flags, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("collectives", "--backend", "mpi", "--seconds", "0.02"));
    command.addAll(arguments);
    return wait(new ProcessBuilder(command));
  }

  private Outcome wait(ProcessBuilder builder) throws IOException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    builder.environment().putAll(ENVIRONMENT);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).as("ended in time").isTrue();
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
