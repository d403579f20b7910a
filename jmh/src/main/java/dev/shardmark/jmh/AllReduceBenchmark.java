package dev.shardmark.jmh;

import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.allreduce.AllReduceCheck;
import dev.shardmark.kernels.AlignedFloats;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does an all-reduce of a given size cost, by algorithm?
 *
 * <p>Each rank has a core and a buffer of {@code bytes} fp32 sums, reduced in place and {@value
 * #BACK_TO_BACK} times in a row, so that starting the ranks costs little; buffers stay where the
 * caches keep them. One operation is one all-reduce.
 *
 * <pre>
 * {@code ./shardmark bench --filter AllReduce -p bytes=4,65536,67108864 -p allreduce=direct,ring}
 * </pre>
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
public class AllReduceBenchmark {
  private static final int BACK_TO_BACK = 16;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Param({"direct", "ring"})
  String allreduce;

  @Param("2")
  int ranks;

  @Param({"4", "65536", "1048576", "16777216"})
  int bytes;

  private RankGroup group;
  private float[][] buffers;
  private int elements;

  /** Held once, because a new lambda for each invocation would be garbage in the timed loop. */
  private final RankBody body = this::reduceRepeatedly;

  /** Buffers hold zeros, which stay zeros however often they are summed. */
  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    CoreCount.require("ranks", ranks);
    elements = bytes / Float.BYTES;
    group = RankGroup.open(ranks, DEADLINE, AllReduceChoice.of(allreduce));
    AllReduceCheck.verify(group, elements, ReduceOp.SUM);
    TrialFacts.check("every element against exact integers", 0);
    buffers = new float[ranks][];
    for (int rank = 0; rank < ranks; rank++) {
      buffers[rank] = AlignedFloats.allocate(elements);
    }
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    group.close();
  }

  /** All ranks at once; the operation ends with the last. */
  @Benchmark
  @OperationsPerInvocation(BACK_TO_BACK)
  public float[] reduce() {
    group.run(body);
    return buffers[0];
  }

  private void reduceRepeatedly(Rank rank) {
    float[] mine = buffers[rank.rank()];
    for (int i = 0; i < BACK_TO_BACK; i++) {
      rank.allReduce(mine, AlignedFloats.START, elements, ReduceOp.SUM);
    }
  }
}
