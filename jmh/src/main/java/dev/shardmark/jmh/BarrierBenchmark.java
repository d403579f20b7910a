package dev.shardmark.jmh;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * How long does it take until every rank knows that all have come?
 *
 * <p>{@value #BACK_TO_BACK} barriers in a row; one operation is one of them.
 *
 * <pre>
 * {@code ./shardmark bench --filter Barrier -p algorithm=central,dissemination}
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
public class BarrierBenchmark {
  private static final int BACK_TO_BACK = 1000;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Param("central")
  String algorithm;

  @Param("2")
  int ranks;

  private RankGroup group;
  private final RankBody body = BarrierBenchmark::repeat;

  /** Nobody leaves a barrier before all have entered it. */
  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    CoreCount.require("ranks", ranks);
    group = RankGroup.open(ranks, DEADLINE, AlgorithmNames.of(Operation.BARRIER, algorithm));
    AtomicInteger entered = new AtomicInteger();
    group.run(
        rank -> {
          for (int round = 1; round <= BACK_TO_BACK; round++) {
            entered.incrementAndGet();
            rank.barrier();
            if (entered.get() < round * ranks) {
              throw new IllegalStateException("a rank left a barrier early: round=" + round);
            }
          }
        });
    TrialFacts.check("no rank leaves before all have entered", 0);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    group.close();
  }

  /** All ranks at once. */
  @Benchmark
  @OperationsPerInvocation(BACK_TO_BACK)
  public int barrier() {
    group.run(body);
    return ranks;
  }

  private static void repeat(Rank rank) {
    for (int i = 0; i < BACK_TO_BACK; i++) {
      rank.barrier();
    }
  }
}
