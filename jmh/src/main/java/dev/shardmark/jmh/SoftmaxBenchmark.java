package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.peer.OneDnnSoftmax;
import dev.shardmark.kernels.softmax.Softmax;
import dev.shardmark.kernels.softmax.SoftmaxCheck;
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
 * How fast is softmax over rows on one core, and is it the exponential or the memory that decides?
 *
 * <p>Shapes are rows x columns. 512x512 and 512x4096 are the scores of one head for 512 tokens that
 * see 512 or 4096; 1x128256 is one token's logits over Llama 3's vocabulary; 127x511 is odd in
 * both, to time the tails. {@code algorithm} chooses among vector code: {@code three-pass}, {@code
 * online}, {@code library-exp} or the {@code selected} one. 5 flop and 8 bytes an element; operands
 * stay where the caches keep them.
 *
 * <p>With {@code variant=onednn} logits are scaled and copied into the library's memory before the
 * time starts, and copied out after it: the time is of its primitive alone, without the scaling.
 *
 * <pre>{@code ./shardmark bench --filter Softmax -p variant=vector -p algorithm=three-pass,online}
 * </pre>
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
public class SoftmaxBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"selected"})
  String algorithm;

  @Param({"512x512", "1x128256", "512x4096", "127x511"})
  String shape;

  /** Logits in [-8, 8). */
  private static final float SCALE = 8;

  private Runnable softmax;
  private Matrix x;
  private Matrix y;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    RowShape s = RowShape.of(shape);
    x = RandomMatrix.of(s.rows(), s.cols(), 42);
    y = Matrix.zeros(s.rows(), s.cols());
    if (SoftmaxChoice.isOneDnn(variant, algorithm)) {
      setUpOneDnn(s);
    } else {
      Softmax chosen = SoftmaxChoice.of(variant, algorithm);
      softmax = () -> chosen.softmax(SCALE, x, null, y, null);
      softmax.run();
    }
    TrialFacts.check("Y against a double reference", SoftmaxCheck.worst(SCALE, x, null, y, null));
  }

  private void setUpOneDnn(RowShape s) {
    OneDnnSoftmax peer = new OneDnnSoftmax(s.rows(), s.cols());
    peer.load(SCALE, x);
    softmax = peer::run;
    softmax.run();
    peer.store(y);
  }

  /** Not in place: every invocation does the same work from the same state. */
  @Benchmark
  public float[] normalize() {
    softmax.run();
    return y.data();
  }
}
