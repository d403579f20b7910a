package dev.shardmark.jmh;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import dev.shardmark.kernels.activation.Gelu;
import dev.shardmark.kernels.activation.GeluForm;
import dev.shardmark.kernels.activation.ReferenceActivation;
import dev.shardmark.kernels.activation.ResidualAdd;
import dev.shardmark.kernels.activation.SwiGlu;
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
 * How fast is each elementwise operation between linears on one core, and which of them does its
 * exponential keep from the speed of memory?
 *
 * <p>Shapes are tokens x width: 14336 is the width of Llama-3.1-8B's MLP, with one token as in
 * decoding and 64 of a prompt; 127x1023 is odd in both, to time the tails. 4 flop (swiglu), 2
 * (gelu), 7 (gelu_tanh) or 1 (add) and 12 bytes (8 for gelu and gelu_tanh) an element per
 * operation, exponentials and Phi counted as one; operands stay where the caches keep them.
 *
 * <pre>{@code ./shardmark bench --filter Activation -p operation=swiglu -p shape=64x14336}</pre>
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
public class ActivationBenchmark {
  @Param({"swiglu", "gelu", "gelu_tanh", "add"})
  String operation;

  @Param({"vector", "scalar"})
  String variant;

  @Param({"64x14336", "1x14336", "127x1023"})
  String shape;

  private ActivationOperation chosen;
  private SwiGlu swiGlu;
  private Gelu gelu;
  private Gelu geluTanh;
  private ResidualAdd add;
  private Matrix x;
  private Matrix up;
  private Matrix y;

  @Setup(Level.Trial)
  public void setUp() {
    TrialFacts.clear();
    chosen = ActivationOperation.of(operation);
    Variant asked = Variant.of(variant);
    swiGlu = Kernels.swiGlu(asked);
    gelu = Kernels.gelu(asked, GeluForm.EXACT);
    geluTanh = Kernels.gelu(asked, GeluForm.TANH);
    add = Kernels.residualAdd(asked);
    RowShape s = RowShape.of(shape);
    x = RandomMatrix.of(s.rows(), s.cols(), 42);
    up = RandomMatrix.of(s.rows(), s.cols(), 43);
    y = RandomMatrix.of(s.rows(), s.cols(), 44);
    verifyOnce();
  }

  private void verifyOnce() {
    Expected expected =
        switch (chosen) {
          case SWIGLU -> ReferenceActivation.swiGlu(x, up);
          case GELU -> ReferenceActivation.gelu(GeluForm.EXACT, x);
          case GELU_TANH -> ReferenceActivation.gelu(GeluForm.TANH, x);
          case ADD -> ReferenceActivation.sum(x, y);
        };
    apply();
    TrialFacts.check("y against a double reference", expected.worst(y));
  }

  /** In add the residual y grows by x with every call, which changes no time. */
  @Benchmark
  public float[] apply() {
    switch (chosen) {
      case SWIGLU -> swiGlu.apply(x, up, y);
      case GELU -> gelu.apply(x, y);
      case GELU_TANH -> geluTanh.apply(x, y);
      case ADD -> add.add(x, y);
    }
    return y.data();
  }
}
