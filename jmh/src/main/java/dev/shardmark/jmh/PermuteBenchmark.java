package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.moe.Combine;
import dev.shardmark.kernels.moe.Permutation;
import dev.shardmark.kernels.moe.PermutationCheck;
import dev.shardmark.kernels.moe.ReferenceCombine;
import dev.shardmark.kernels.moe.Routing;
import dev.shardmark.kernels.moe.RoutingRule;
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
 * What does it cost on one core to bring rows into the order of experts and back, and does a skewed
 * routing change it?
 *
 * <p>Shapes are tokens x experts x topK x model: 512x8x2x4096 is a prompt of 512 tokens in
 * Mixtral-8x7B, 512x128x8x2048 in Qwen3-30B-A3B; 127x60x6x1023 is odd, to time the tails. {@code
 * permute} sorts and copies, and is the same code in every variant; {@code combine} adds the
 * weighted rows of a token. {@code skew} is {@code uniform} or {@code zipf}, where expert e is
 * wanted in proportion to 1 / (e + 1). No flop and 4 bytes for every element of x and of a row;
 * combine 2 flop an element of a row.
 *
 * <pre>{@code ./shardmark bench --filter Permute -p operation=combine -p skew=uniform,zipf}</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 100, timeUnit = TimeUnit.MILLISECONDS)
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
public class PermuteBenchmark {
  @Param({"permute", "combine"})
  String operation;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"512x128x8x2048", "512x8x2x4096", "127x60x6x1023"})
  String shape;

  @Param({"uniform", "zipf"})
  String skew;

  private PermuteOperation chosen;
  private Routing routing;
  private Permutation permutation;
  private Combine combine;
  private Matrix x;
  private Matrix rows;
  private Matrix y;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    chosen = PermuteOperation.of(operation);
    combine = Kernels.combine(Variant.of(variant));
    PermuteShape s = PermuteShape.of(shape);
    RouterShape r = s.routing();
    routing = Routing.zeros(r.tokens(), r.topK());
    Kernels.router(Variant.SCALAR, RoutingRule.topKThenSoftmax())
        .route(Skew.of(skew).logits(r.tokens(), r.experts(), 42), null, routing);
    permutation = new Permutation(r.experts());
    x = RandomMatrix.of(r.tokens(), s.model(), 43);
    rows = RandomMatrix.of(routing.choices(), s.model(), 44);
    y = Matrix.zeros(r.tokens(), s.model());
    permutation.sort(routing);
    verifyOnce(r.experts());
  }

  private void verifyOnce(int experts) {
    move();
    if (chosen == PermuteOperation.COMBINE) {
      TrialFacts.check(
          "y against a double reference",
          ReferenceCombine.combine(rows, routing, experts).worst(y));
      return;
    }
    String order =
        PermutationCheck.fault(
            routing, permutation.offset(), permutation.token(), permutation.row());
    String copies = PermutationCheck.gatherFault(routing, experts, x, rows);
    boolean right = order == null && copies == null;
    TrialFacts.check("order and rows, exactly", right ? 0 : Double.POSITIVE_INFINITY);
  }

  @Benchmark
  public float[] move() {
    switch (chosen) {
      case PERMUTE -> {
        permutation.sort(routing);
        permutation.gather(x, rows);
      }
      case COMBINE -> combine.combine(rows, routing, permutation, y);
    }
    return chosen == PermuteOperation.PERMUTE ? rows.data() : y.data();
  }
}
