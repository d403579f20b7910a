package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Fingerprint;
import dev.shardmark.results.format.Request;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClaimsCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void configurationsAloneDecideSome() {
    assertThat(run("claims")).isZero();
    assertThat(out.toString())
        .contains("C22 ", "+ 2.68 GB, at least 1.5, at most 2.7: 8 tensor ranks", "104 claims: ")
        .contains("needs rows of TensorParallelBenchmark.ranks");
  }

  @Test
  void oneClaimOrOneVerdictCanBeAskedFor() {
    assertThat(run("claims", "--id", "C20")).isZero();
    assertThat(out.toString()).contains("C20 ", "1 claim: ").doesNotContain("C21 ");
    assertThat(run("claims", "--id", "C11")).isZero();
    assertThat(out.toString()).contains("Training.stateBytes of=all MODELLED");
    assertThat(run("claims", "--only", "does-not-hold")).isZero();
    assertThat(out.toString()).contains("C03 ", " 0 undecided");
  }

  @Test
  void decisionsAreWrittenAsJson() throws IOException {
    Path file = folder.resolve("claims.json");
    assertThat(run("claims", "--id", "C22", "--json", file.toString())).isZero();
    assertThat(file).content().contains("\"verdict\" : \"holds if\"", "shardmark-ledger");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--id C105 | id must be one of C01 to C104: id=C105",
        "--only true | only must be one of [holds, holds-if, does-not-hold, not-measurable-here, undecided]: only=true",
        "none.json | there is no such file, path=none.json",
        "--speed | Unknown option: '--speed'; see shardmark claims --help"
      })
  void badInputIsOneSentenceAndExitCode2(String arguments, String sentence) {
    assertThat(run(("claims " + arguments).split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(sentence).hasLineCount(1);
  }

  @Test
  void runsOfOneMachineAreTakenTogether() {
    String one = runOf("EPYC", "one.json");
    assertThat(run("claims", one, runOf("EPYC", "two.json"))).isZero();
    assertThat(run("claims", one, runOf("Xeon", "three.json"))).isEqualTo(2);
    assertThat(err.toString()).contains("runs must be of one machine: runs=").hasLineCount(1);
  }

  /** Writes an empty run of a machine. */
  private String runOf(String cpu, String name) {
    Path file = folder.resolve(name);
    SortedMap<String, String> machine = new TreeMap<>(Map.of("cpu.model", cpu));
    SortedMap<String, String> none = new TreeMap<>();
    Fingerprint from = new Fingerprint(machine, none, none, none);
    Request request = new Request("sweep", null, new TreeMap<>(), 1);
    RunFile.create(file, Run.started(name, Instant.EPOCH, request, from));
    return file.toString();
  }

  @Test
  void aForeignFileIsRefused() throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, "{\"format\": \"other\"}");
    assertThat(run("claims", file.toString())).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).contains("path=" + file);
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
