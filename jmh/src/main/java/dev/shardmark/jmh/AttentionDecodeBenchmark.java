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
 * How fast does attention for one new token read a cache of keys and values, on one core?
 *
 * <p>Shapes are heads x kvHeads x tokens x kvTokens x headDim. 32x8x1x4096x128 is a layer of
 * Llama-3.1-8B with 4096 tokens before, 4x1x1x4096x128 the share of one of 8 ranks in it,
 * 8x8x1x4096x128 has no groups to share a load, and 32x8x4x4096x128 verifies four drafted tokens. 4
 * headDim flop for each visible pair of a query and a key and each head; Q, K, V and O are the
 * bytes, K and V as stored, which memory has to deliver: read the row against the bandwidth roof of
 * its level.
 *
 * <p>cache is {@code contiguous}, large blocks in ascending order, so that a head of K and V is in
 * a row; {@code paged}, blocks in no order; or {@code none}, K and V as a projection leaves them,
 * the heads of a token side by side, which shows what the layout of a cache is worth. storage is
 * {@code fp32} or {@code bf16}, the latter only in a cache.
 *
 * <pre>{@code ./shardmark bench --filter AttentionDecode -p cache=paged -p storage=bf16}</pre>
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
public class AttentionDecodeBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"32x8x1x4096x128", "4x1x1x4096x128", "8x8x1x4096x128", "32x8x4x4096x128"})
  String shape;

  @Param("true")
  String causal;

  @Param({"contiguous", "paged"})
  String cache;

  @Param({"fp32", "bf16"})
  String storage;

  private DecodeOperands operands;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    operands = new DecodeOperands(variant, shape, causal, DecodeCache.of(cache, storage));
  }

  /** Every invocation does the same work from the same state. */
  @Benchmark
  public float[] attend() {
    return operands.attend();
  }
}
