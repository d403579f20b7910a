package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.loss.CrossEntropy;
import dev.shardmark.kernels.loss.CrossEntropyCheck;
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
 * How fast is the loss of logits on one core, forward, without their probabilities?
 *
 * <p>Shapes are tokens x vocabulary: 128256 is Llama 3's, 16032 the part of it that one of eight
 * ranks has; 127x511 is odd in both, to time the tails. 3 flop and 4 bytes a logit; operands stay
 * where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter CrossEntropy -p shape=64x128256}</pre>
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
public class CrossEntropyBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"8x128256", "64x16032", "127x511"})
  String shape;

  private CrossEntropy crossEntropy;
  private Matrix x;
  private int[] targets;
  private float[] loss;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    crossEntropy = Kernels.crossEntropy(Variant.of(variant));
    RowShape s = RowShape.of(shape);
    x = PeakedLogits.of(s.rows(), s.cols(), 42);
    targets = new SplittableRandom(43).ints(s.rows(), 0, s.cols()).toArray();
    loss = new float[s.rows()];
    verifyOnce();
  }

  private void verifyOnce() {
    float mean = crossEntropy.losses(x, targets, loss);
    TrialFacts.check(
        "losses against a double reference", CrossEntropyCheck.worst(x, targets, 1, loss, mean));
  }

  @Benchmark
  public float losses() {
    return crossEntropy.losses(x, targets, loss);
  }
}
