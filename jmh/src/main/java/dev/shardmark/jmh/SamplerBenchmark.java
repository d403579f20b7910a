package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.sampling.Sampler;
import dev.shardmark.kernels.sampling.SamplerCheck;
import dev.shardmark.kernels.sampling.Sampling;
import java.util.Arrays;
import java.util.SplittableRandom;
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
 * What does it cost on one core to choose the next token, by the way it is chosen?
 *
 * <p>Shapes are sequences x vocabulary: 128256 is Llama 3's, 32000 Llama 2's; 3x1003 is odd in
 * both, to time the tails. {@code sampler} is {@code greedy}, {@code temperature}, {@code top-k},
 * {@code top-p} or {@code min-p}, the latter four perhaps with a setting, as in {@code top-k:1000}.
 * Logits are peaked as those of a model are; a flat distribution makes top-p slower, for many
 * tokens are kept. 4 flop for each logit that gets a mass: none if greedy, 50 a row for top-k; 4
 * bytes a logit. Operands stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter Sampler -p sampler=top-p:0.5,top-k:1000}</pre>
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
public class SamplerBenchmark {
  @Param({"greedy", "temperature", "top-k", "top-p", "min-p"})
  String sampler;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"8x128256"})
  String shape;

  private Sampler chosen;
  private Sampling sampling;
  private Matrix logits;
  private double[] uniform;
  private int[] token;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    chosen = Kernels.sampler(Variant.of(variant));
    sampling = SamplingChoice.of(sampler);
    RowShape s = RowShape.of(shape);
    logits = PeakedLogits.of(s.rows(), s.cols(), 42);
    SplittableRandom random = new SplittableRandom(43);
    uniform = new double[s.rows()];
    Arrays.setAll(uniform, i -> random.nextDouble());
    token = new int[s.rows()];
    verifyOnce();
  }

  private void verifyOnce() {
    chosen.sample(logits, sampling, uniform, token);
    TrialFacts.check(
        "tokens against a sort in double", SamplerCheck.worst(logits, sampling, uniform, token));
  }

  /** The same numbers every time: which token is drawn decides how far the last search goes. */
  @Benchmark
  public int[] sample() {
    chosen.sample(logits, sampling, uniform, token);
    return token;
  }
}
