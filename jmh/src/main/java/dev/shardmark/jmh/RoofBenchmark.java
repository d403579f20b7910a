package dev.shardmark.jmh;

import dev.shardmark.collectives.RankGroup;
import dev.shardmark.kernels.roof.RoofLoop;
import java.time.Duration;
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
 * How fast can this machine multiply and add, and how fast does each level of memory deliver?
 *
 * <p>{@code loop=fma level=registers} is the compute roof; {@code read}, {@code copy} and {@code
 * triad} over {@code L1}, {@code L2}, {@code L3} and {@code DRAM} are the bandwidth roofs. With
 * {@code cores} above 1 that many ranks run the loop at once, and the operation ends with the last.
 *
 * <pre>{@code ./shardmark bench --filter Roof}</pre>
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
public class RoofBenchmark {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  @Param("fma")
  String loop;

  @Param("registers")
  String level;

  @Param("1")
  int cores;

  private RankGroup group;
  private RoofLoop[] loops;
  private double[] values;
  private int passes;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    RoofPoint point = RoofPoint.of(loop, level, cores);
    loops = new RoofLoop[cores];
    values = new double[cores];
    for (int rank = 0; rank < cores; rank++) {
      loops[rank] = point.newLoop();
      loops[rank].verify();
    }
    TrialFacts.check("every value the loop leaves", 0);
    passes = point.passes();
    group = RankGroup.open(cores, DEADLINE);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    group.close();
  }

  /** Each rank runs its own loop over its own arrays. */
  @Benchmark
  public double[] loop() {
    group.run(rank -> values[rank.rank()] = loops[rank.rank()].run(passes));
    return values;
  }
}
