package dev.shardmark.jmh;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.norm.LayerNorm;
import dev.shardmark.kernels.norm.ReferenceNorm;
import dev.shardmark.kernels.norm.RmsNorm;
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
 * How fast is each normalisation of rows on one core, and what does it save to add the residual in
 * the same pass?
 *
 * <p>Shapes are tokens x width: 4096 is the width of Llama-3.1-8B, with one token as in decoding
 * and 512 as in a prompt; 127x1023 is odd in both, to time the tails. 4 flop (rms), 5 (add_rms) or
 * 7 (layer) and 8 bytes (16 for add_rms) an element per operation; operands stay where the caches
 * keep them.
 *
 * <pre>{@code ./shardmark bench --filter Norm -p operation=rms -p shape=512x4096,1x8192}</pre>
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
public class NormBenchmark {
  private static final float EPS = 1e-5f;

  @Param({"rms", "add_rms", "layer"})
  String operation;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"512x4096", "1x4096", "127x1023"})
  String shape;

  private NormOperation chosen;
  private RmsNorm rms;
  private LayerNorm layer;
  private Matrix x;
  private Matrix residual;
  private Matrix weight;
  private Matrix bias;
  private Matrix y;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    chosen = NormOperation.of(operation);
    rms = Kernels.rmsNorm(Variant.of(variant));
    layer = Kernels.layerNorm(Variant.of(variant));
    RowShape s = RowShape.of(shape);
    x = RandomMatrix.of(s.rows(), s.cols(), 42);
    residual = RandomMatrix.of(s.rows(), s.cols(), 43);
    weight = RandomMatrix.of(1, s.cols(), 44);
    bias = RandomMatrix.of(1, s.cols(), 45);
    y = Matrix.zeros(s.rows(), s.cols());
    verifyOnce();
  }

  private void verifyOnce() {
    Expected expected =
        switch (chosen) {
          case RMS -> ReferenceNorm.rms(x, weight, EPS);
          case ADD_RMS -> ReferenceNorm.rms(ReferenceNorm.sum(x, residual), weight, EPS);
          case LAYER -> ReferenceNorm.layer(x, weight, bias, EPS);
        };
    normalize();
    TrialFacts.check("y against a double reference", expected.worst(y));
  }

  /** In add_rms the residual grows by x with every call, which changes no time. */
  @Benchmark
  public float[] normalize() {
    switch (chosen) {
      case RMS -> rms.normalize(x, weight, EPS, y);
      case ADD_RMS -> rms.addAndNormalize(x, residual, weight, EPS, y);
      case LAYER -> layer.normalize(x, weight, bias, EPS, y);
    }
    return y.data();
  }
}
