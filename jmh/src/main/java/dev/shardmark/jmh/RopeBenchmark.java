package dev.shardmark.jmh;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.rope.ReferenceRope;
import dev.shardmark.kernels.rope.Rope;
import dev.shardmark.kernels.rope.RopeLayout;
import dev.shardmark.kernels.rope.RopeTable;
import java.util.Arrays;
import java.util.Locale;
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
 * How fast are heads rotated by their positions on one core, and does the layout of pairs matter?
 *
 * <p>Shapes are tokens x heads x headDim: 32 heads of 128 are the queries of Llama-3.1-8B, with one
 * token as in decoding and 512 as in a prompt; 127x7x66 leaves tails. 6 flop and 16 bytes a pair
 * per operation, and the tables; operands stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter Rope -p layout=half_split -p shape=512x32x128}</pre>
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
public class RopeBenchmark {
  private static final double BASE = 500_000; // of Llama 3

  @Param({"half_split", "interleaved"})
  String layout;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"512x32x128", "1x32x128", "127x7x66"})
  String shape;

  private Rope rope;
  private Matrix x;
  private int headDim;
  private int[] positions;
  private RopeTable table;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    RopeLayout pairs = layout(layout);
    rope = Kernels.rope(Variant.of(variant), pairs);
    RopeShape s = RopeShape.of(shape);
    headDim = s.headDim();
    x = RandomMatrix.of(s.tokens(), Math.multiplyExact(s.heads(), headDim), 42);
    positions = new int[s.tokens()];
    Arrays.setAll(positions, token -> token);
    table = RopeTable.of(s.tokens(), headDim, BASE);
    verifyOnce(pairs);
  }

  private void verifyOnce(RopeLayout pairs) {
    Expected expected = ReferenceRope.rotate(pairs, x, headDim, positions, table);
    rotate();
    TrialFacts.check("x against a double reference", expected.worst(x));
  }

  /**
   * The layout a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static RopeLayout layout(String parameter) {
    for (RopeLayout layout : RopeLayout.values()) {
      if (layout.name().toLowerCase(Locale.ROOT).equals(parameter)) {
        return layout;
      }
    }
    throw new IllegalArgumentException(
        "layout must be one of [interleaved, half_split]: layout=" + parameter);
  }

  /** In place: a rotation keeps the length of a pair, so that calls can follow each other. */
  @Benchmark
  public float[] rotate() {
    rope.rotate(x, headDim, positions, table);
    return x.data();
  }
}
