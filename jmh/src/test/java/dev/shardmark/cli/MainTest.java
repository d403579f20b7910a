package dev.shardmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.jmh.CoreCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
        "--filter AllReduce -p allreduce=star | algorithm of all_reduce must be one of [direct, one_shot",
        "--filter Norm -p variant=openblas | no library has this kernel, variant must be one of [scalar, vector]: variant=openblas",
        "--preset full --filter Layer -p variant=onednn | variant must be one of [scalar, vector]: variant=onednn",
        "--filter Router -p rule=deepseek-v3 -p shape=8x100x8 | groups must divide experts: groups=8 experts=100",
        "--filter Router -p rule=deepseek-v3 -p shape=8x16x9 | topK must be in 1..experts of kept groups: topK=9 experts=8",
        "--filter ^Gemm -p shape=999999999x999999999x9 | must multiply to at most 2^53: shape=999999999x999999999x9",
        "--filter Layer -p tokens=2000000000 -p phase=prefill -p model=qwen3-30b-a3b | rows times topK must be less than 2^31",
        "--filter Layer -p tokens=2000000 -p phase=prefill | and times keys at most 2^40: rows=2000000 topK=0 keys=2001024",
        "--filter Blocking -p variant=scalar | only variant=vector has blocks to choose: variant=scalar",
        "--filter Blocking -p blocking=1x2x0x4 | blocking must be auto or MCxNBxKCxNC with counts from 1 to 999999999: blocking=1x2x0x4",
        "-p shape | a parameter must be NAME=VALUE[,VALUE]: -p shape",
        "-p =7 | a parameter must be NAME=VALUE[,VALUE]: -p =7",
        "-p shape=1x1 -p shape=2x2 | a parameter must be given once, with commas between its values: name=shape",
        "--speed | Unknown option: '--speed'; see shardmark bench --help",
        "--out | Missing required parameter for option '--out' (FILE); see shardmark bench --help",
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
        .isEqualToIgnoringNewLines(
            "no row of the preset matches the filter: preset=quick filter=Sparse");
  }

  @Test
  void rowsThisMachineCannotMeasureAreNamed() {
    String tooMany = "tp=1," + Integer.highestOneBit(CoreCount.here()) * 2;
    String[] asked = {"bench", "--list", "--filter", "ranks", "-p", "tokens=1", "-p", tooMany};
    assertThat(run(asked)).isZero();
    assertThat(out.toString()).contains("ranks").contains(" tp=1 ");
    assertThat(err.toString())
        .startsWith("left out, this machine lacks the cores or the library; see shardmark doctor")
        .contains("rows=[TensorParallelBenchmark.ranks ")
        .doesNotContain("tp=1 ");
    asked[asked.length - 1] = tooMany.replace("1,", "");
    assertThat(run(asked)).isEqualTo(3);
    assertThat(err.toString()).contains("no row can be measured, this machine lacks");
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
    for (String command : new String[] {"bench", "targets", "claims", "report", "doctor"}) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString()).contains("Examples:", "shardmark " + command);
    }
  }

  @ParameterizedTest
  @MethodSource("documentedCommands")
  void whatABenchmarkDocumentsNamesRowsOfIts(String benchmark, String command) {
    assertThat(run((command.strip() + " --list").split(" "))).isZero();
    assertThat(out.toString()).contains("\n" + benchmark + ".");
  }

  static List<Arguments> documentedCommands() throws IOException {
    List<Arguments> commands = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/shardmark/jmh"))) {
      for (Path file : files.filter(path -> path.toString().endsWith("Benchmark.java")).toList()) {
        String benchmark = file.getFileName().toString().replace(".java", "");
        Matcher shown =
            Pattern.compile("\\./shardmark (bench [^}\n]+)").matcher(Files.readString(file));
        while (shown.find()) {
          commands.add(Arguments.of(benchmark, shown.group(1)));
        }
      }
    }
    return commands;
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
