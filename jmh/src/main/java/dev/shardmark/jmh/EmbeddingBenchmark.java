package dev.shardmark.jmh;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.embedding.Embedding;
import dev.shardmark.kernels.embedding.EmbeddingCheck;
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
 * How fast does one core look up the rows of token ids?
 *
 * <p>Shapes are ids x vocabulary x width of the model: 32000x4096 is Llama 2 7B's table, 1 and 512
 * ids are a token and a prompt; 127x1003x1023 is odd in all, to time the tails. Ids are random. No
 * flop; the bytes of every different row once and of every row written. The same rows are looked up
 * every time, so that they stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter Embedding -p shape=8192x32000x4096}</pre>
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
public class EmbeddingBenchmark {
  @Param({"vector", "scalar"})
  String variant;

  @Param({"512x32000x4096", "1x32000x4096", "127x1003x1023"})
  String shape;

  private Embedding embedding;
  private Matrix table;
  private int[] ids;
  private Matrix y;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    embedding = Kernels.embedding(Variant.of(variant));
    EmbeddingShape s = EmbeddingShape.of(shape);
    table = RandomMatrix.of(s.vocabulary(), s.model(), 42);
    ids = s.ids();
    y = Matrix.zeros(s.count(), s.model());
    verifyOnce();
  }

  private void verifyOnce() {
    embedding.lookUp(table, ids, y);
    TrialFacts.check(
        "rows against the table", EmbeddingCheck.worst(table, 0, table.rows(), ids, y));
  }

  @Benchmark
  public float[] lookUp() {
    embedding.lookUp(table, ids, y);
    return y.data();
  }
}
