package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GemmCheck;
import dev.shardmark.kernels.gemm.PackedMatrix;
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
 * How fast is a multiply by weights packed once, from a single token to a prompt?
 *
 * <p>Shapes are m x n x k, with the work of {@link GemmBenchmark}; packing is not timed, as
 * inference does not pay for it either. Weights come from memory: copies take turns. With {@code
 * variant=onednn} they lie in the order its matmul primitive chose, and A and C are copied to and
 * from it within the time: 64 KiB beside 64 MiB of weights at 1x4096x4096, and an estimated
 * fiftieth of the time at 64x4096x4096.
 *
 * <pre>{@code ./shardmark bench --filter PackedGemm -p variant=vector,onednn}</pre>
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
public class PackedGemmBenchmark {
  @Param({"vector"})
  String variant;

  @Param({"1x4096x4096", "4x4096x4096", "16x4096x4096", "64x4096x4096"})
  String shape;

  private PackedProduct product;
  private int copies;
  private Matrix a;
  private Matrix c;
  private int next;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    Shape s = Shape.of(shape);
    a = RandomMatrix.of(s.m(), s.k(), 42);
    c = Matrix.zeros(s.m(), s.n());
    Matrix b = RandomMatrix.of(s.k(), s.n(), 43);
    copies = copies(s);
    product = PackedProduct.of(Variant.of(variant), s, b, copies);
    multiply();
    TrialFacts.check("C against a double reference", GemmCheck.worstOfLarge(1, a, b, c));
  }

  private static int copies(Shape s) {
    return WeightPool.copies(PackedMatrix.bytes(s.k(), s.n()));
  }

  /** Bytes of the heap of one shape: every packed copy, and the weights they are packed from. */
  public static long heapBytes(Variant variant, Shape s) {
    return PackedProduct.heapBytes(variant, s, copies(s)) + Gemm.work(s.m(), s.n(), s.k()).bytes();
  }

  /** beta = 0: every invocation does the same work from the same state. */
  @Benchmark
  public float[] multiply() {
    next = next + 1 == copies ? 0 : next + 1;
    product.multiply(a, next, c);
    return c.data();
  }
}
