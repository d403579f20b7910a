package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.kvcache.KvAppend;
import dev.shardmark.kernels.kvcache.KvAppendCheck;
import dev.shardmark.kernels.kvcache.KvSequence;
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
 * What does it cost to append keys and values to a paged cache, on one core?
 *
 * <p>Shapes are tokens x kvHeads x headDim: 1x8x128 is a new token in a layer of Llama-3.1-8B,
 * 512x8x128 a prompt, and 127x3x100 is odd, to time the tails. No flop; K and V read as fp32 and
 * written as stored are the bytes. Operands stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter KvAppend -p storage=bf16 -p shape=4096x8x128}</pre>
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
public class KvAppendBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"fp32", "bf16"})
  String storage;

  @Param({"1x8x128", "512x8x128", "127x3x100"})
  String shape;

  private KvAppend append;
  private KvSequence sequence;
  private Matrix k;
  private Matrix v;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    append = Kernels.kvAppend(Variant.of(variant));
    KvAppendShape s = KvAppendShape.of(shape);
    sequence = DecodeCache.of("paged", storage).sequence(s.tokens(), s.kvHeads(), s.headDim());
    int width = Math.multiplyExact(s.kvHeads(), s.headDim());
    k = RandomMatrix.of(s.tokens(), width, 42);
    v = RandomMatrix.of(s.tokens(), width, 43);
    verifyOnce();
  }

  private void verifyOnce() {
    append();
    TrialFacts.check("the cache against K and V", KvAppendCheck.worst(sequence, 0, k, v));
  }

  /** Frees the sequence first, so that every invocation starts from the same state. */
  @Benchmark
  public KvSequence append() {
    sequence.free();
    append.append(sequence, k, v);
    return sequence;
  }
}
