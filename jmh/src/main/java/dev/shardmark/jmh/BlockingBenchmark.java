package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
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
 * Which cache blocks make a packed matrix multiply fast on this machine?
 *
 * <p>{@code blocking} is MCxNBxKCxNC, the four blocks of {@link
 * dev.shardmark.kernels.gemm.Blocking} in elements, or {@code auto} for those that follow from the
 * caches, which every other benchmark has. Shapes are m x n x k as in {@link GemmBenchmark}; with
 * few rows or columns of C nothing is packed, and blocks change nothing. 2 m n k flop and 4 (m k +
 * k n + m n) bytes per operation.
 *
 * <pre>{@code
 * ./shardmark bench --filter Blocking -p blocking=auto,96x128x1024x2048,192x256x512x4096
 * }</pre>
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
public class BlockingBenchmark {
  @Param({"auto", "96x128x1024x2048", "192x256x512x4096"})
  String blocking;

  @Param({"vector"})
  String variant;

  @Param({"1024x1024x1024"})
  String shape;

  private Gemm gemm;
  private Matrix a;
  private Matrix b;
  private Matrix c;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    gemm = BlockingChoice.gemm(variant, blocking);
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
