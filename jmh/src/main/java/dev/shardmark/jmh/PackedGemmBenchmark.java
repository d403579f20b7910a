package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GemmCheck;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.WeightFormat;
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
 * <p>{@code weights} says how they are stored: {@code fp32}, {@code bf16}, {@code int8} (a scale
 * for each column) or {@code int8-block} (and for each block of k). The check compares with the
 * product by what is stored, so rounding the weights is no error of the kernel.
 *
 * <pre>{@code ./shardmark bench --filter PackedGemm -p variant=vector -p weights=fp32,bf16}</pre>
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

  @Param({"fp32"})
  String weights;

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
    WeightFormat format = WeightFormat.of(weights);
    copies = copies(format, s);
    product = PackedProduct.of(Variant.of(variant), format, s, b, copies);
    multiply();
    TrialFacts.check(
        "C against a double reference", GemmCheck.worstOfLarge(1, a, product.weights(), c));
  }

  private static int copies(WeightFormat format, Shape s) {
    return WeightPool.copies(PackedMatrix.bytes(s.k(), s.n(), format));
  }

  /** Bytes of the heap of one shape: every packed copy, what they are packed from, and unpacked. */
  public static long heapBytes(Variant variant, WeightFormat format, Shape s) {
    return PackedProduct.heapBytes(variant, format, s, copies(format, s))
        + Gemm.work(s.m(), s.n(), s.k()).bytes()
        + PackedMatrix.bytes(s.k(), s.n(), WeightFormat.FP32);
  }

  /** beta = 0: every invocation does the same work from the same state. */
  @Benchmark
  public float[] multiply() {
    next = next + 1 == copies ? 0 : next + 1;
    product.multiply(a, next, c);
    return c.data();
  }
}
