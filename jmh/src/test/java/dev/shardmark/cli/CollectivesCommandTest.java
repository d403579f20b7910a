package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table, the files and the refusals of a sweep. */
class CollectivesCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {"all_reduce", "reduce", "reduce_scatter", "all_gather", "broadcast", "all_to_all"})
  void verifiesAndTimesEveryAlgorithm(String op) {
    int code = run("--op", op, "--algorithm", "all", "--min-bytes", "64", "--max-bytes", "1K");
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("# " + op + ", algorithm direct, 2 ranks, transport shared")
        .contains("# Out of bounds values : 0 OK");
    assertThat(out.toString().lines().filter(line -> line.startsWith("         ")))
        .isNotEmpty()
        .allMatch(line -> line.trim().matches("(64|256|1024) .*"));
  }

  @Test
  void writesWhatReadersOfNcclTestsRead() throws IOException {
    Path json = folder.resolve("sweep.json");
    Path log = folder.resolve("sweep.hlog");
    int code =
        run(
            "--algorithm",
            "ring",
            "--min-bytes",
            "1K",
            "--max-bytes",
            "1K",
            "--transport",
            "copying",
            "--json",
            json.toString(),
            "--histogram",
            log.toString());
    assertThat(code).isZero();
    JsonNode result = JsonMapper.shared().readTree(Files.readString(json)).get("results").get(0);
    assertThat(result.get("size").asLong()).isEqualTo(1024);
    assertThat(result.get("count").asLong()).isEqualTo(256);
    assertThat(result.get("type").asString()).isEqualTo("float");
    assertThat(result.get("redop").asString()).isEqualTo("sum");
    assertThat(result.get("root").asInt()).isEqualTo(-1);
    assertThat(result.get("algorithm").asString()).isEqualTo("ring");
    assertThat(result.get("ranks").asInt()).isEqualTo(2);
    assertThat(result.get("backend").asString()).isEqualTo("copying");
    for (String place : new String[] {"out_of_place", "in_place"}) {
      JsonNode timed = result.get(place);
      assertThat(timed.get("time").asDouble()).isPositive();
      assertThat(timed.get("bus_bw").asDouble()).isEqualTo(timed.get("alg_bw").asDouble());
      assertThat(timed.get("nwrong").asInt()).isZero();
      assertThat(result.get(place + "_per_iter").get("p99").asDouble()).isPositive();
    }
    assertThat(Files.readString(log)).contains("Tag=all_reduce/ring/2/copying/1024/in_place");
  }

  @Test
  void ranksWithoutACoreAreRightAndSaidToBeSlow() {
    int ranks = Runtime.getRuntime().availableProcessors() + 1;
    assertThat(run("--ranks", "" + ranks, "--min-bytes", "1K", "--max-bytes", "1K")).isZero();
    assertThat(out.toString()).contains("more ranks than cores");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--op sum | op must be one of [all_reduce",
        "--algorithm star | algorithm of all_reduce must be one of [direct",
        "--ranks 1 | a sweep must have at least 2 ranks: ranks=1",
        "--op broadcast --root 2 | the root of a sweep must be among its ranks: ranks=2 root=2",
        "--min-bytes 8 --max-bytes 4 | sizes must grow",
        "--factor 1 | sizes must grow",
        "--min-bytes 4X | a size must be a whole number with K, M, G or nothing behind it: size=4X",
        "--redop prod | redop must be sum, max or min: redop=prod",
        "--transport tcp | transport must be shared, copying or emulated: transport=tcp",
        "--transport emulated | links must be given with the transport emulated",
        "--transport copying --algorithm direct | must not need shared memory",
        "--seconds 0 | seconds must be above 0"
      })
  void refusesInOneSentence(String arguments, String sentence) {
    assertThat(run(arguments.trim().split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + (has(arguments, "--seconds") ? 1 : 3)];
    all[0] = "collectives";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    if (all.length > arguments.length + 1) {
      all[arguments.length + 1] = "--seconds";
      all[arguments.length + 2] = "0.02";
    }
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }

  private static boolean has(String[] arguments, String option) {
    return List.of(arguments).contains(option);
  }
}
