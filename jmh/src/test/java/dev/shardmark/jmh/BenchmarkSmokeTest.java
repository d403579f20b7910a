package dev.shardmark.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.shardmark.jmh.environment.Peers;
import dev.shardmark.kernels.Variant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every real benchmark runs and verifies, in this process and on small parameters. */
final class BenchmarkSmokeTest {
  private static final Map<String, String> SMALL =
      Map.of(
          "model",
          "qwen3-0.6b",
          "linear",
          "o",
          "tokens",
          "3",
          "context",
          "33",
          "shape",
          "5x17x9",
          "bytes",
          "68");

  /** Where a shape is not M x N x K, or not as small. */
  private static final Map<String, String> SHAPES =
      Map.ofEntries(
          // The smaller the weights, the more copies of them it takes to fill the last cache.
          Map.entry("PackedGemmBenchmark.multiply", "5x170x90"),
          Map.entry("GroupedGemmBenchmark.multiply", "26x190x99"),
          Map.entry("AttentionPrefillBenchmark.attend", "4x2x20x33x9"),
          Map.entry("AttentionDecodeBenchmark.attend", "4x2x20x33x9"),
          Map.entry("KvAppendBenchmark.append", "17x3x10"),
          Map.entry("SoftmaxBenchmark.normalize", "5x17"),
          Map.entry("NormBenchmark.normalize", "5x17"),
          Map.entry("RopeBenchmark.rotate", "5x3x34"),
          Map.entry("ActivationBenchmark.apply", "5x17"),
          Map.entry("RouterBenchmark.route", "5x17x3"),
          Map.entry("PermuteBenchmark.move", "5x17x3x9"),
          Map.entry("CrossEntropyBenchmark.losses", "5x17"),
          Map.entry("SamplerBenchmark.sample", "5x17"));

  @Test
  void theBenchmarkListIsNotEmpty() throws IOException {
    try (InputStream list =
        BenchmarkSmokeTest.class.getResourceAsStream("/META-INF/BenchmarkList")) {
      assertThat(list).as("the annotation processor must have run").isNotNull();
      String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.lines().filter(line -> line.contains("Benchmark"))).hasSize(26);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RoofBenchmark.loop",
        "GemmBenchmark.multiply",
        "BlockingBenchmark.multiply",
        "PackedGemmBenchmark.multiply",
        "GroupedGemmBenchmark.multiply",
        "SoftmaxBenchmark.normalize",
        "NormBenchmark.normalize",
        "RopeBenchmark.rotate",
        "ActivationBenchmark.apply",
        "AttentionPrefillBenchmark.attend",
        "AttentionDecodeBenchmark.attend",
        "RouterBenchmark.route",
        "PermuteBenchmark.move",
        "EmbeddingBenchmark.lookUp",
        "CrossEntropyBenchmark.losses",
        "SamplerBenchmark.sample",
        "KvAppendBenchmark.append",
        "LayerBenchmark.run",
        "AllReduceBenchmark.reduce",
        "ReduceScatterBenchmark.call",
        "AllGatherBenchmark.call",
        "BroadcastBenchmark.call",
        "AllToAllBenchmark.call",
        "BarrierBenchmark.barrier",
        "TensorParallelBenchmark.shard",
        "TensorParallelBenchmark.ranks"
      })
  void runsAndChecksItsResult(String benchmark) throws RunnerException {
    Map<String, String> small = new HashMap<>(SMALL);
    small.put("shape", SHAPES.getOrDefault(benchmark, SMALL.get("shape")));
    Collection<RunResult> results = run(benchmark, small);
    assertThat(results).isNotEmpty();
    for (RunResult result : results) {
      assertThat(result.getPrimaryResult().getScore()).isPositive();
      assertThat(result.getSecondaryResults().keySet())
          .anyMatch(name -> name.startsWith(TrialFacts.CHECK));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GemmBenchmark.multiply, openblas",
    "GemmBenchmark.multiply, onednn",
    "GemmBenchmark.multiply, netlib",
    "PackedGemmBenchmark.multiply, onednn",
    "SoftmaxBenchmark.normalize, onednn"
  })
  void runsAndChecksAPeerThatIsHere(String benchmark, String variant) throws RunnerException {
    assumeThat(Peers.isHere(Variant.of(variant))).isTrue();
    String shape = SHAPES.getOrDefault(benchmark, SMALL.get("shape"));
    Collection<RunResult> results = run(benchmark, Map.of("variant", variant, "shape", shape));
    assertThat(results).hasSize(1);
    assertThat(results.iterator().next().getSecondaryResults().keySet())
        .anyMatch(name -> name.startsWith(TrialFacts.CHECK));
  }

  @Test
  void aTrialThatCannotSetUpGivesNoNumber() throws RunnerException {
    assertThat(run("GemmBenchmark.multiply", Map.of("shape", "0x5x-3"))).isEmpty();
  }

  private static Collection<RunResult> run(String benchmark, Map<String, String> parameters)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^dev.shardmark.jmh." + benchmark + "$")
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(1))
            .addProfiler(TrialFactsProfiler.class);
    for (String name :
        List.of("model", "linear", "tokens", "context", "variant", "shape", "bytes")) {
      if (parameters.containsKey(name)) {
        options.param(name, parameters.get(name));
      }
    }
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return new Runner(
            options.build(), OutputFormatFactory.createFormatInstance(nowhere, VerboseMode.SILENT))
        .run();
  }
}
