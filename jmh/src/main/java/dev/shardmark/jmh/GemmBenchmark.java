package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GemmCheck;
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
 * How fast is each matrix multiply on one core, on squares and on the shards of real layers?
 *
 * <p>Shapes are m x n x k. 512x1792x4096 and 512x4096x1792 are a column and a row shard of
 * Llama-3.1-8B's MLP at tensor degree 8 with 512 tokens (one of gate or up, and down); 127x511x1023
 * is odd in all three, to time the tails. 2 m n k flop and 4 (m k + k n + m n) bytes per operation;
 * operands stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter Gemm -p shape=512x512x512,64x4096x4096}</pre>
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
public class GemmBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"512x512x512", "1024x1024x1024", "512x1792x4096", "512x4096x1792", "127x511x1023"})
  String shape;

  private Gemm gemm;
  private Matrix a;
  private Matrix b;
  private Matrix c;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    gemm = Kernels.gemm(Variant.of(variant));
    Shape s = Shape.of(shape);
    a = RandomMatrix.of(s.m(), s.k(), 42);
    b = RandomMatrix.of(s.k(), s.n(), 43);
    c = Matrix.zeros(s.m(), s.n());
    verifyOnce();
  }

  private void verifyOnce() {
    gemm.multiply(1, a, b, 0, c);
    TrialFacts.check("C against a double reference", GemmCheck.worstOfLarge(1, a, b, c));
  }

  /** beta = 0: every invocation does the same work from the same state. */
  @Benchmark
  public float[] multiply() {
    gemm.multiply(1, a, b, 0, c);
    return c.data();
  }
}
