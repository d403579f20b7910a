package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Router;
import dev.shardmark.kernels.moe.RouterCheck;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
import dev.shardmark.kernels.moe.Scoring;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many tokens a second does a router give their experts and weights on one core, by rule and
 * number of experts?
 *
 * <p>Shapes are tokens x experts x topK: 8x2 is Mixtral, 128x8 is Qwen3-MoE, 256x8 is DeepSeek-V3
 * (with {@code rule=deepseek-v3}), 64x8 stands between; 127x60x6 is odd, to time the tails. Rules
 * are {@code softmax-topk}, {@code topk-softmax}, {@code sigmoid}, {@code kimi-k2} and {@code
 * deepseek-v3}; sigmoid rules get a bias. Most of the time goes into comparisons, which are no
 * flop; 4 bytes a logit and 8 a choice.
 *
 * <pre>{@code ./shardmark bench --filter Router -p rule=deepseek-v3 -p shape=4096x256x8}</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      ForkFlags.VECTOR,
      ForkFlags.NATIVE,
      ForkFlags.ALIGNED,
      ForkFlags.COLLECTOR,
      ForkFlags.HUGE_PAGES,
      ForkFlags.QUIET
    })
public class RouterBenchmark {
  @Param({"topk-softmax"})
  String rule;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"4096x64x8", "4096x8x2", "4096x256x8", "127x60x6"})
  String shape;

  private Router router;
  private Matrix logits;
  private float[] bias;
  private Routing routing;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    RoutingRule chosen = RoutingRule.of(rule);
    router = Kernels.router(Variant.of(variant), chosen);
    RouterShape s = RouterShape.of(shape);
    logits = Skew.UNIFORM.logits(s.tokens(), s.experts(), 42);
    bias = chosen.scoring() == Scoring.SIGMOID ? bias(s.experts()) : null;
    routing = Routing.zeros(s.tokens(), s.topK());
    verifyOnce(chosen);
  }

  private static float[] bias(int experts) {
    Matrix random = RandomMatrix.of(1, experts, 43);
    float[] bias = new float[experts];
    System.arraycopy(random.data(), random.offset(), bias, 0, experts);
    return bias;
  }

  private void verifyOnce(RoutingRule chosen) {
    router.route(logits, bias, routing);
    TrialFacts.check(
        "experts and weights against a double reference",
        RouterCheck.worst(chosen, logits, bias, routing));
  }

  @Benchmark
  public int[] route() {
    router.route(logits, bias, routing);
    return routing.expert();
  }
}
