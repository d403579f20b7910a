package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset fast | preset must be one of [smoke, quick, gate, full]: preset=fast",
        "--filter Tensor -p model=gpt-9 | model=gpt-9",
        "--filter Tensor -p linear=conv | linear=conv",
        "--filter Tensor -p model=mixtral-8x7b -p linear=gate_up | gate_up",
        "--filter shard -p tp=3 | tensor=3 heads=32",
        "--filter shard -p tp=two | tp must be a whole number: tp=two",
        "--filter shard -p tokens=0 | tokens must be at least 1: tokens=0",
        "--filter shard -p weights=hot | weights must be one of [cold, warm]: weights=hot",
        "--filter Gemm -p variant=fast | variant must be one of [scalar, vector, openblas, onednn, netlib]: variant=fast",
        "--filter PackedGemm -p variant=scalar | must have variant [vector, onednn]: variant=scalar",
        "--filter Softmax -p variant=netlib | variant=netlib kernel=softmax",
        "--filter Softmax -p variant=onednn -p algorithm=online | variant=onednn algorithm=online",
        "--filter Gemm -p shape=0x5x-3 | shape=0x5x-3",
        "-p shape=1x2 | shape must be MxNxK with counts from 1 to 999999999: shape=1x2",
        "-p colour=red | parameters=[colour]",
        "--filter AllReduce -p bytes=6 | a positive multiple of 4 bytes: ranks=2 bytes=6",
        "--filter AllReduce -p allreduce=star | allreduce must be one of [direct, ring]",
        "--filter ( | filter must be a regular expression: filter=(",
        "--preset smoke --resume run.json | a resumed run keeps its own preset"
      })
  void badInputIsOneSentenceAndExitCode2(String arguments, String sentence) {
    int code = run(("bench " + arguments).split(" "));
    assertThat(err.toString()).contains(sentence).hasLineCount(1);
    assertThat(code).isEqualTo(2);
  }

  @Test
  void aFilterThatMatchesNothingIsExitCode3() {
    assertThat(run("bench", "--filter", "Sparse")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("no row matches the filter: filter=Sparse");
  }

  @Test
  void listsRowsWithoutMeasuringThem() {
    assertThat(run("bench", "--filter", "AllReduce", "-p", "bytes=8", "--list")).isZero();
    assertThat(out.toString())
        .contains("RoofBenchmark.loop", "allreduce=direct bytes=8 ranks=2")
        .doesNotContain("GFLOP");
  }

  @Test
  void anUnknownCommandOrOptionIsExitCode2() {
    assertThat(run("mesure")).isEqualTo(2);
    assertThat(run("bench", "--speed", "9")).isEqualTo(2);
  }

  @Test
  void aForeignRunFileIsRefusedAndLeftAlone() throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, "{\"format\": \"other\"}");
    assertThat(run("report", file.toString())).isEqualTo(2);
    assertThat(run("bench", "--resume", file.toString())).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(2).contains("path=" + file);
    assertThat(file).hasContent("{\"format\": \"other\"}");
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    for (String command : new String[] {"bench", "targets", "report", "doctor"}) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString()).contains("Examples:", "shardmark " + command);
    }
  }

  @Test
  void doctorSaysWhatFiguresComeFrom() {
    assertThat(run("doctor")).isZero();
    assertThat(out.toString()).contains("cpu.model", "jvm.vectorBits", "cache.l2Bytes");
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
