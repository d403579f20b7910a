package dev.shardmark.jmh;

import dev.shardmark.collectives.RankGroup;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does tensor parallelism do to the linears of a published model: to the arithmetic intensity
 * and speed of one rank's shard, and to the whole, all-reduce included?
 *
 * <p>{@code shard} runs one rank's shard alone on a core (ISOLATED), at any degree that divides.
 * {@code ranks} runs all of them, one a core, and sums the outputs of row shards (MEASURED); it
 * reports compute, waiting and communication apart. Weights are cold by default: they stream from
 * memory as in a model whose other layers ran in between.
 *
 * <pre>{@code
 * ./shardmark bench --filter TensorParallel -p model=llama-3.1-70b -p linear=down -p tp=4,8
 * }</pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
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
public class TensorParallelBenchmark {
  /** The linear to split. */
  @State(Scope.Benchmark)
  public abstract static class Split {
    @Param("llama-3.1-8b")
    String model;

    @Param({"qkv", "o", "gate_up", "down"})
    String linear;

    @Param({"1", "2"})
    int tp;

    @Param({"1", "16", "64", "512"})
    int tokens;

    @Param("cold")
    String weights;

    @Param("vector")
    String variant;

    final TensorParallelLinear split() {
      return TensorParallelLinear.of(model, linear, tp, tokens, weights, variant);
    }
  }

  /** Rank 0's shard alone. */
  @State(Scope.Benchmark)
  public static class OneShard extends Split {
    private ShardedLinear shard;

    @Setup(Level.Trial)
    public void setUp() {
      TrialFacts.clear();
      shard = split().newShard(0);
      TrialFacts.check("shard output against a double reference", shard.verify());
    }
  }

  /** All ranks. */
  @State(Scope.Benchmark)
  public static class AllRanks extends Split {
    @Param("direct")
    String allreduce;

    private TensorParallelStep step;

    @Setup(Level.Trial)
    public void setUp() {
      TrialFacts.clear();
      CoreCount.require("tp", tp);
      RankGroup group =
          RankGroup.open(tp, TensorParallelStep.DEADLINE, AllReduceChoice.of(allreduce));
      step = new TensorParallelStep(split(), group);
      step.verify();
      TrialFacts.phase("compute", step.phases()::takeComputeUs);
      TrialFacts.phase("wait", step.phases()::takeWaitUs);
      TrialFacts.phase("communication", step.phases()::takeCommunicationUs);
    }

    @TearDown(Level.Trial)
    public void tearDown() {
      step.close();
    }
  }

  /** One rank's multiply. */
  @Benchmark
  public float[] shard(OneShard one) {
    one.shard.run();
    return one.shard.output().data();
  }

  /** Every rank's multiply, and the all-reduce of their outputs if they are partial sums. */
  @Benchmark
  public float[] ranks(AllRanks all) {
    return all.step.run();
  }
}
