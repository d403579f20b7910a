package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.results.format.Check;
import dev.shardmark.results.format.Label;
import dev.shardmark.results.format.Row;
import dev.shardmark.results.format.Run;
import dev.shardmark.results.report.Names;
import dev.shardmark.results.store.RunFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table, the rows and the refusals of a sweep of the axes. */
class SweepCommandTest {
  private static final String MODEL = "qwen3-0.6b";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void addsCheckedRowsToARun() {
    Path file = folder.resolve("run.json");
    int first = tiny("--axis", "tp", "--degrees", "2", "--run", file.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(first).isZero();
    int second =
        tiny("--axis", "pp", "--degrees", "4", "--in-flight", "2", "--run", file.toString());
    assertThat(second).isZero();
    Run run = RunFile.read(file);
    assertThat(run.finishedAt()).isNotNull();
    assertThat(run.roofs()).hasSize(2);
    assertThat(run.rows()).extracting(Row::label).contains(Label.ISOLATED);
    assertThat(run.rows()).extracting(Row::benchmark).contains("Shard.tensor", "Shard.pipeline");
    for (Row row : run.rows()) {
      assertThat(row.ok()).as(row.name()).isTrue();
      assertThat(row.checks()).isNotEmpty().allMatch(Check::passed);
      assertThat(row.metrics()).containsKeys(Names.SENT_BYTES, Names.WEIGHT_BYTES);
      assertThat(row.figures().intensity()).isPositive();
    }
    assertThat(folder.resolve("run.html")).content().contains("axes-tensor", "axes-pipeline");
  }

  @Test
  void goesOnWithARunThatHasSomeOfTheRows() {
    Path file = folder.resolve("run.json");
    String[] two = {"--axis", "tp", "--degrees", "1,2", "--no-together", "--run", file.toString()};
    assertThat(tiny(two)).isZero();
    Run before = RunFile.read(file);
    two[3] = "1,2,4";
    assertThat(tiny(two)).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).containsOnlyOnce(" 1 alone: the run has this row");
    Run after = RunFile.read(file);
    assertThat(after.rows()).hasSize(3).startsWith(before.rows().toArray(Row[]::new));
    assertThat(after.roofs()).isEqualTo(before.roofs());
    assertThat(after.finishedAt()).isNotNull();
  }

  @Test
  void leavesOutWhatIsNotLegalByName() {
    int code = tiny("--axis", "tp", "--degrees", "1,3", "--no-together");
    assertThat(code).isZero();
    assertThat(out.toString())
        .contains("# not legal: [tp 3 prefill 4 tokens]: tensor degree must divide")
        .contains("tensor=3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--axis=tp --degrees=3 | tensor=3",
        "--axis=zp | axis must be one of [tp, sp, ep, cp, pp, dp]: axis=zp",
        "--axis=ep | expert degree must be 1 for a layer without experts",
        "--axis=cp --phase=decode | a context split must be of prompts",
        "--axis=pp --in-flight=3 | requests in flight must divide the tokens: inFlight=3 tokens=4",
        "--axis=cp --scheme=rung | scheme must be one of",
        "--phase=idle | phase must be one of [prefill, decode]: phase=idle",
        "--samples=0 | a sweep must have samples: warmups=0 samples=0",
        "--transport=pigeon | transport must be shared, copying or emulated: transport=pigeon",
        "--model=deepseek-v3 | not a latent: model=deepseek-v3"
      })
  void refusesInOneSentence(String arguments, String sentence) {
    assertThat(tiny(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(sentence);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  private int tiny(String... more) {
    List<String> usual =
        List.of(
            "--model",
            MODEL,
            "--samples",
            "1",
            "--warmups",
            "0",
            "--degrees",
            "2",
            "--phase",
            "prefill",
            "--tokens",
            "4",
            "--context",
            "8");
    List<String> arguments = new ArrayList<>(List.of("sweep"));
    for (int i = 0; i < usual.size(); i += 2) {
      String name = usual.get(i);
      if (Stream.of(more).noneMatch(given -> given.equals(name) || given.startsWith(name + "="))) {
        arguments.addAll(usual.subList(i, i + 2));
      }
    }
    arguments.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
  }
}
