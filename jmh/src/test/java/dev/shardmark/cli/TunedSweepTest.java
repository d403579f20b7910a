package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.store.RunFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a sweep teaches: thresholds, fits, and the run that keeps both. */
class TunedSweepTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;
  private Path thresholds;

  @BeforeEach
  void names() {
    thresholds = folder.resolve("thresholds.json");
  }

  @Test
  void autoChoosesAmongTheAlgorithmsBeforeIt() throws IOException {
    Path json = folder.resolve("sweep.json");
    int code = run("--algorithm", "direct,ring,auto", "--json", json.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .containsPattern("# auto, thresholds of the rows above: from 64 (direct|ring)")
        .containsPattern("# fit: alpha .*gamma .* ns a (step|byte sent); off by at most ")
        .contains("# all_reduce, algorithm auto, 2 ranks, transport shared");
    JsonNode document = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(document.get("results").size()).isEqualTo(3 * 3);
    assertThat(document.get("fits").size()).isEqualTo(2); // auto has no formula
    JsonNode fit = document.get("fits").get(1);
    assertThat(fit.get("algorithm").asString()).isEqualTo("ring");
    assertThat(fit.get("terms").findValuesAsString("per")).startsWith("step");
    assertThat(fit.get("residuals").size()).isEqualTo(3);
    JsonNode steps = document.get("thresholds").get(0).get("steps");
    assertThat(steps.get(0).get("from").asLong()).isEqualTo(64);
  }

  @Test
  void whatIsFastestIsSaidWithoutAuto() {
    assertThat(run("--op", "broadcast", "--algorithm", "direct,binomial")).isZero();
    assertThat(out.toString())
        .containsPattern("# fastest: from 64 (direct|binomial)")
        .doesNotContain("gamma");
  }

  @Test
  void thresholdsAreMeasuredOnceAndKept() throws IOException {
    String file = thresholds.toString();
    assertThat(run("--algorithm", "auto", "--thresholds", file)).isZero();
    assertThat(out.toString()).contains("# auto, thresholds of a short sweep: from 64 ");
    String written = Files.readString(thresholds);
    assertThat(run("--algorithm", "auto", "--thresholds", file)).isZero();
    assertThat(out.toString()).contains("# auto, thresholds of the file: from 64 ");
    assertThat(thresholds).hasContent(written);
    assertThat(run("--op", "reduce", "--algorithm", "auto", "--thresholds", file)).isZero();
    assertThat(Files.readString(thresholds)).contains("\"all_reduce\"", "\"reduce\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json | thresholds cannot be read",
        "{} | it must be of format shardmark-thresholds 1",
        "'{\"format\": \"shardmark-thresholds\", \"version\": 1, \"machine\": {}}' | they must be of this machine and JVM: changed=[cache.",
      })
  void aFileThatIsNotItsOwnIsRefused(String text, String sentence) throws IOException {
    Files.writeString(thresholds, text);
    assertThat(run("--algorithm", "auto", "--thresholds", thresholds.toString())).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
  }

  @Test
  void anAlgorithmThatIsNotThereIsRefused() throws IOException {
    assertThat(run("--algorithm", "auto", "--thresholds", thresholds.toString())).isZero();
    String text = Files.readString(thresholds);
    Files.writeString(
        thresholds, text.replaceFirst("\"algorithm\" : \"\\w+\"", "\"algorithm\" : \"star\""));
    assertThat(run("--algorithm", "auto", "--thresholds", thresholds.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot be used: algorithm of all_reduce must be one of");
    Files.writeString(thresholds, text.replace("\"steps\"", "\"stairs\""));
    assertThat(run("--algorithm", "auto", "--thresholds", thresholds.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("thresholds cannot be read: ");
  }

  @Test
  void aSweepIsARunThatTheReportShows() {
    Path file = folder.resolve("run.json");
    int code =
        run(
            "--op",
            "all_reduce,all_to_all",
            "--algorithm",
            "direct,auto",
            "--run",
            file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    Run run = RunFile.read(file);
    assertThat(run.finishedAt()).isNotNull();
    assertThat(run.rows()).hasSize(run.request().plannedRows()).hasSize(2 * 3 * 2 + 2 * 3);
    assertThat(run.rows())
        .allMatch(Row::ok)
        .allMatch(row -> row.label() == Label.MEASURED)
        .allMatch(row -> row.checks().getFirst().passed())
        .allMatch(row -> row.metrics().containsKey("isolated.p99.9"));
    List<Row> fitted =
        run.rows().stream().filter(row -> row.metrics().containsKey("fit.alpha")).toList();
    assertThat(fitted)
        .hasSize(2 * 3)
        .allMatch(row -> row.parameters().get("algorithm").equals("direct"));
    assertThat(run.fingerprint().context())
        .containsEntry("thresholds.all_reduce.2.shared", "from 64 direct")
        .containsKey("fit.all_to_all.direct.2.shared");
    assertThat(folder.resolve("run.html"))
        .content()
        .contains("all_reduce in place, 2 ranks, shared", "all_to_all out of place");
  }

  @Test
  void emulatedLinksAreModelled() {
    Path file = folder.resolve("run.json");
    String links = "1;0ns,100GB/s;1000ns,10GB/s";
    assertThat(run("--transport", "emulated", "--links", links, "--run", file.toString())).isZero();
    assertThat(RunFile.read(file).rows()).allMatch(row -> row.label() == Label.MODELLED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--thresholds x.json | thresholds must be given with the algorithm auto: algorithm=[]",
        "--ranks 99 --run x.json | a run must have a core for each rank: ranks=[99] cores=",
        "--run pom.xml | the file exists and is not overwritten"
      })
  void refusesInOneSentence(String arguments, String sentence) {
    assertThat(run(arguments.trim().split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
  }

  private int run(String... arguments) {
    String[] all =
        Stream.of(
                Stream.of("collectives"),
                Stream.of(arguments),
                Stream.of("--min-bytes", "64", "--max-bytes", "1K", "--seconds", "0.02"))
            .flatMap(part -> part)
            .toArray(String[]::new);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }
}
