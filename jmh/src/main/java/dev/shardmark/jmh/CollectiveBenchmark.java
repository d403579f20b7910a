package dev.shardmark.jmh;

import dev.shardmark.collectives.AlgorithmNames;
import dev.shardmark.collectives.Operation;
import dev.shardmark.collectives.Rank;
import dev.shardmark.collectives.RankBody;
import dev.shardmark.collectives.RankGroup;
import dev.shardmark.collectives.ReduceOp;
import dev.shardmark.collectives.sweep.Exercise;
import dev.shardmark.collectives.sweep.Exercises;
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
 * What a collective costs, by algorithm and size; a class of each names the collective.
 *
 * <p>Each rank has a core. {@code bytes} is the size of nccl-tests: of a rank's whole vector,
 * rounded to blocks of 16 bytes for each rank where it is shared out. Calls are in place where
 * there is such a call, {@value #BACK_TO_BACK} in a row, so that starting the ranks costs little.
 * One operation is one call.
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
public abstract class CollectiveBenchmark {
  private static final int BACK_TO_BACK = 16;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Param("direct")
  String algorithm;

  @Param("2")
  int ranks;

  @Param({"65536", "16777216"})
  int bytes;

  private final Operation operation;
  private RankGroup group;
  private Exercise exercise;
  private int count;
  private float[][] in;
  private float[][] out;

  /** Held once, because a new lambda for each invocation would be garbage in the timed loop. */
  private final RankBody body = this::callRepeatedly;

  CollectiveBenchmark(Operation operation) {
    this.operation = operation;
  }

  /** Buffers hold zeros, which stay zeros whatever is done to them. */
  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    CoreCount.require("ranks", ranks);
    exercise = Exercises.of(operation, ReduceOp.SUM, 0);
    count = exercise.count(bytes, ranks);
    group = RankGroup.open(ranks, DEADLINE, AlgorithmNames.of(operation, algorithm));
    exercise.verify(group, count);
    TrialFacts.check("every element against exact integers", 0);
    int inLength = exercise.inLength(count, ranks);
    int outLength = exercise.outLength(count, ranks);
    in = buffers(exercise.isInPlace() ? Math.max(inLength, outLength) : inLength);
    out = buffers(exercise.isInPlace() ? 0 : outLength);
  }

  private float[][] buffers(int length) {
    float[][] buffers = new float[ranks][];
    for (int rank = 0; rank < ranks; rank++) {
      buffers[rank] = AlignedFloats.allocate(length);
    }
    return buffers;
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    group.close();
  }

  /** All ranks at once; the operation ends with the last. */
  @Benchmark
  @OperationsPerInvocation(BACK_TO_BACK)
  public float[] call() {
    group.run(body);
    return in[0];
  }

  private void callRepeatedly(Rank rank) {
    for (int i = 0; i < BACK_TO_BACK; i++) {
      if (exercise.isInPlace()) {
        exercise.callInPlace(rank, in[rank.rank()], count);
      } else {
        exercise.call(rank, in[rank.rank()], out[rank.rank()], count);
      }
    }
  }
}
