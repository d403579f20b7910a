package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectiveTargetsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void measuresAndJudgesAgain() {
    String file = folder.resolve("figures.json").toString();
    int code = run("--rounds", "1", "--seconds", "0.003", "--max-bytes", "4", "--out", file);
    assertThat(code).as(err.toString()).isZero();
    assertThat(err.toString()).contains("all_reduce 4: in process").contains("two cores copy");
    String table = out.toString();
    assertThat(table).startsWith("target ").contains("13 targets: ").contains("not measured [");
    out.getBuffer().setLength(0);
    assertThat(run("--run", file)).isZero();
    assertThat(out.toString()).isEqualTo(table);
    assertThat(run("--run", file, "--strict")).isIn(Main.MISSED, Main.NOTHING_MEASURED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--run a.json --out b.json | --run measures nothing: it goes without --out",
        "--run nowhere.json | there is no such file: run=nowhere.json",
        "--rounds 0 | rounds must be at least 1, seconds above 0, at most 60: rounds=0",
        "--seconds 0 | rounds must be at least 1, seconds above 0, at most 60"
      })
  void refusesInOneSentence(String arguments, String sentence) {
    assertThat(run(arguments.trim().split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains(sentence);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "collectives";
    all[1] = "targets";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), all);
  }
}
