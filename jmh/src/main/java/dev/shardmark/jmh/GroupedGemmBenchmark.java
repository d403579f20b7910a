package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.gemm.GroupedGemm;
import dev.shardmark.kernels.gemm.Op;
import dev.shardmark.kernels.gemm.PackedMatrix;
import dev.shardmark.kernels.gemm.ReferenceGroupedGemm;
import dev.shardmark.kernels.gemm.WeightFormat;
import java.util.ArrayList;
import java.util.List;
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
 * What does it cost that rows of one product belong to many experts, each with weights of its own?
 *
 * <p>Shapes are m x n x k as in {@link PackedGemmBenchmark}, whose row of the same shape is the
 * product without experts; m counts rows, topK for each token. {@code experts} is EXPERTSxTOPK, for
 * example {@code 8x2} for Mixtral-8x7B and {@code 128x8} for Qwen3-30B-A3B; where not all experts
 * of a layer fit in memory, take fewer and as many rows less, so that each has as many as it would.
 * {@code skew} is {@code uniform} or {@code zipf}, as in {@link PermuteBenchmark}.
 *
 * <p>Work is 2 m n k flop and the weights of experts that have rows. Weights come from memory. The
 * check compares with the product by what is stored.
 *
 * <pre>{@code ./shardmark bench --filter GroupedGemm -p skew=uniform,zipf}</pre>
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
public class GroupedGemmBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"256x1536x2048"})
  String shape;

  @Param({"8x2"})
  String experts;

  @Param({"uniform", "zipf"})
  String skew;

  @Param({"fp32"})
  String weights;

  private GroupedGemm gemm;
  private List<List<PackedMatrix>> copies;
  private int[] offsets;
  private Matrix a;
  private Matrix c;
  private int next;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    Shape s = Shape.of(shape);
    ExpertLoad load = ExpertLoad.of(experts);
    WeightFormat format = WeightFormat.of(weights);
    offsets = load.offsets(s.m(), Skew.of(skew));
    gemm = Kernels.groupedGemm(Variant.of(variant));
    a = RandomMatrix.of(s.m(), s.k(), 42);
    c = Matrix.zeros(s.m(), s.n());
    copies = packed(s, load.experts(), format, copies(s, offsets, format));
    multiply();
    TrialFacts.check(
        "C against a double reference",
        ReferenceGroupedGemm.worstOfLarge(a, offsets, copies.get(next), c));
  }

  private static List<List<PackedMatrix>> packed(
      Shape s, int experts, WeightFormat format, int copies) {
    List<List<PackedMatrix>> packed = new ArrayList<>();
    for (int i = 0; i < copies; i++) {
      packed.add(new ArrayList<>());
    }
    for (int e = 0; e < experts; e++) {
      Matrix b = RandomMatrix.of(s.k(), s.n(), 43 + e);
      for (List<PackedMatrix> copy : packed) {
        copy.add(PackedMatrix.of(Op.PLAIN, b, format));
      }
    }
    return packed;
  }

  /** As many copies as leave nothing in a cache of what one call reads. */
  private static int copies(Shape s, int[] offsets, WeightFormat format) {
    return WeightPool.copies(GroupedGemm.work(offsets, s.n(), s.k(), format).bytes());
  }

  /** Bytes of the heap: packed copies, operands, and one expert's weights as they are. */
  public static long heapBytes(Shape s, int[] offsets, WeightFormat format) {
    long experts = offsets.length - 1;
    return experts * copies(s, offsets, format) * PackedMatrix.bytes(s.k(), s.n(), format)
        + 4L * s.m() * (s.k() + s.n())
        + PackedMatrix.bytes(s.k(), s.n(), WeightFormat.FP32);
  }

  /** Every invocation does the same work from the same state. */
  @Benchmark
  public float[] multiply() {
    next = next + 1 == copies.size() ? 0 : next + 1;
    gemm.multiply(a, offsets, copies.get(next), c);
    return c.data();
  }
}
