package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.gemm.Gemm;
import dev.shardmark.kernels.gemm.GemmCheck;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.PackedVectorGemm;
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
 * inference does not pay for it either. Weights come from memory: copies take turns.
 *
 * <pre>{@code ./shardmark bench --filter PackedGemm -p shape=1x4096x4096,16x14336x4096}</pre>
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
  @Param({"1x4096x4096", "4x4096x4096", "16x4096x4096", "64x4096x4096"})
  String shape;

  private final PackedVectorGemm gemm = new PackedVectorGemm();
  private PackedMatrix[] copies;
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
    copies = new PackedMatrix[copies(s)];
    for (int i = 0; i < copies.length; i++) {
      copies[i] = PackedMatrix.of(Op.PLAIN, b);
    }
    multiply();
    TrialFacts.check("C against a double reference", GemmCheck.worstOfLarge(1, a, b, c));
  }

  private static int copies(Shape s) {
    return WeightPool.copies(PackedMatrix.bytes(s.k(), s.n()));
  }

  /** Bytes of the arrays of one shape: every packed copy, and the weights they are packed from. */
  public static long bytes(Shape s) {
    return copies(s) * PackedMatrix.bytes(s.k(), s.n()) + Gemm.work(s.m(), s.n(), s.k()).bytes();
  }

  /** beta = 0: every invocation does the same work from the same state. */
  @Benchmark
  public float[] multiply() {
    next = next + 1 == copies.length ? 0 : next + 1;
    gemm.multiply(1, Op.PLAIN, a, copies[next], 0, c);
    return c.data();
  }
}
