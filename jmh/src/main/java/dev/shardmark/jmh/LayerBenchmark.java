package dev.shardmark.jmh;

import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.layer.LayerOperation;
import dev.shardmark.kernels.layer.LayerStep;
import dev.shardmark.kernels.layer.TransformerLayer;
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
 * Where does the time of a whole layer go on one rank, and how much of it is matrix products?
 *
 * <p>{@code phase=prefill} is one sequence of {@code tokens} new tokens behind {@code context}
 * cached ones, {@code phase=decode} as many sequences as {@code tokens}, each with one new token
 * and a cache of its own. {@code tp} cuts the layer as tensor parallelism does; what follows in a
 * model, two all-reduces, is not here. {@code experts} keeps so many of a model's experts, where
 * all do not fit in memory: a token still goes to as many, so that an expert meets more tokens than
 * it would.
 *
 * <p>As many layers take turns as leave nothing of one in a cache. Each operation is timed, which
 * costs two readings of the clock, and comes with the flop of its formula; bytes count experts as
 * if tokens chose at random. Before, the result of every operation of every layer is compared with
 * the Reference of its kernel on what the operation before left.
 *
 * <pre>{@code ./shardmark bench --filter Layer -p model=llama-3.1-8b -p phase=decode}</pre>
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
public class LayerBenchmark {
  private static final int WARM_UPS = 20_000;
  private static final long WARM_UP_NS = 300_000_000;

  @Param({"qwen3-0.6b"})
  String model;

  @Param({"1"})
  int tp;

  @Param({"all"})
  String experts;

  @Param({"decode", "prefill"})
  String phase;

  @Param({"1"})
  int tokens;

  @Param({"1024"})
  int context;

  @Param({"vector"})
  String variant;

  private TransformerLayer[] layers;
  private LayerPhases phases;
  private int next;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    LayerChoice choice = LayerChoice.of(model, tp, experts, phase, tokens, context);
    phases = new LayerPhases(choice.shape());
    layers = new TransformerLayer[choice.layers()];
    double worst = 0;
    for (int i = 0; i < layers.length; i++) {
      layers[i] = choice.newLayer(Variant.of(variant), 1000L * i + 42);
      worst = Math.max(worst, layers[i].verify());
    }
    warmUp(layers[0]);
    TrialFacts.check("every operation against a double reference", worst);
  }

  /**
   * Repeats what a layer calls once: with few rows the compiler would not meet it often enough in a
   * whole warm-up, and it would look many times as long as it is.
   */
  private static void warmUp(TransformerLayer layer) {
    for (LayerStep step : layer.steps()) {
      if (step.operation().part() != LayerOperation.Part.PRODUCT) {
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UPS && System.nanoTime() - start < WARM_UP_NS; i++) {
          step.run().run();
        }
      }
    }
  }

  /** Every invocation does the same work from the same state. */
  @Benchmark
  public float[] run() {
    next = next + 1 == layers.length ? 0 : next + 1;
    phases.run(layers[next]);
    return layers[next].output().data();
  }
}
