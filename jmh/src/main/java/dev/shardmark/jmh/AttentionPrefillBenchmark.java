package dev.shardmark.jmh;

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
 * How fast is attention over a prompt on one core, when every score is computed for many queries?
 *
 * <p>Shapes are heads x kvHeads x tokens x kvTokens x headDim. 4x1x512x512x128 is the share of one
 * of 8 ranks in a layer of Llama-3.1-8B for a prompt of 512 tokens, 4x1x512x4096x128 the same for
 * the last part of a longer one; 3x1x127x511x100 is odd, to time the tails. 4 headDim flop for each
 * visible pair of a query and a key and each head; Q, K, V and O are the bytes.
 *
 * <pre>{@code ./shardmark bench --filter AttentionPrefill -p shape=4x1x1024x1024x128}</pre>
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
public class AttentionPrefillBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"4x1x512x512x128", "4x1x512x4096x128", "3x1x127x511x100"})
  String shape;

  @Param("true")
  String causal;

  private AttentionOperands operands;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    operands = new AttentionOperands(variant, shape, causal);
  }

  /** Every invocation does the same work from the same state. */
  @Benchmark
  public float[] attend() {
    return operands.attend();
  }
}
