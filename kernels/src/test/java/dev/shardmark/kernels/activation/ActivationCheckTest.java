package dev.shardmark.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shardmark.kernels.Matrix;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check is itself checked: each of these wrong activations must be caught. */
final class ActivationCheckTest {
  private static Map<String, DoubleBinaryOperator> wrongSwiGlu() {
    Map<String, DoubleBinaryOperator> wrong = new TreeMap<>();
    wrong.put("swaps gate and up", (gate, up) -> silu(up) * gate);
    wrong.put("forgets up", (gate, up) -> silu(gate));
    wrong.put("takes the sigmoid alone", (gate, up) -> 1 / (1 + Math.exp(-gate)) * up);
    wrong.put("takes the wrong sign", (gate, up) -> gate / (1 + Math.exp(gate)) * up);
    wrong.put("takes GELU", (gate, up) -> gate * ReferenceNormal.phi(gate) * up);
    wrong.put("approximates by relu", (gate, up) -> Math.max(gate, 0) * up);
    wrong.put("rounds to bf16", (gate, up) -> bf16(silu(gate) * up));
    wrong.put("is off by 1e-6", (gate, up) -> silu(gate) * up * (1 + 1e-6));
    wrong.put("writes NaN", (gate, up) -> Double.NaN);
    return wrong;
  }

  private static Map<String, DoubleUnaryOperator> wrongGelu() {
    Map<String, DoubleUnaryOperator> wrong = new TreeMap<>();
    wrong.put("takes the tanh form", ActivationCheckTest::tanhForm);
    wrong.put("takes the sigmoid form", x -> x / (1 + Math.exp(-1.702 * x)));
    wrong.put("takes silu", ActivationCheckTest::silu);
    wrong.put("forgets x", ReferenceNormal::phi);
    wrong.put("forgets the root of 2", x -> x * ReferenceNormal.phi(x * Math.sqrt(2)));
    wrong.put("cancels in the tail", x -> x * (1 - (float) ReferenceNormal.phi(-x)));
    wrong.put("rounds to bf16", x -> bf16(x * ReferenceNormal.phi(x)));
    wrong.put("writes NaN", x -> Double.NaN);
    return wrong;
  }

  @ParameterizedTest
  @MethodSource("swiGluNames")
  void aWrongSwiGluIsRejected(String name) {
    DoubleBinaryOperator f = wrongSwiGlu().get(name);
    SwiGlu wrong =
        (gate, up, y) -> {
          for (int i = 0; i < y.rows(); i++) {
            for (int j = 0; j < y.cols(); j++) {
              set(y, i, j, f.applyAsDouble(gate.at(i, j), up.at(i, j)));
            }
          }
        };
    assertThat(ActivationHarness.swiGlu(wrong, 3, 40, 1)).contains("over bound");
  }

  @ParameterizedTest
  @MethodSource("geluNames")
  void aWrongGeluIsRejected(String name) {
    Gelu wrong = gelu(wrongGelu().get(name));
    assertThat(ActivationHarness.gelu(wrong, GeluForm.EXACT, 3, 40, 1)).contains("over bound");
  }

  @ParameterizedTest
  @MethodSource("geluNames")
  void aWrongTanhGeluIsRejected(String name) {
    DoubleUnaryOperator f =
        name.equals("takes the tanh form")
            ? x -> x * ReferenceNormal.phi(x)
            : wrongGelu().get(name);
    assertThat(ActivationHarness.gelu(gelu(f), GeluForm.TANH, 3, 40, 1)).contains("over bound");
  }

  @ParameterizedTest
  @MethodSource("residualAdds")
  void aWrongResidualAddIsRejected(ResidualAdd wrong) {
    assertThat(ActivationHarness.residualAdd(wrong, 3, 9, 1)).isNotNull();
  }

  /** Nothing; twice; x alone; past the end. */
  static Stream<ResidualAdd> residualAdds() {
    ResidualAdd right = new ScalarResidualAdd();
    return Stream.of(
        (x, r) -> {},
        (x, r) -> {
          right.add(x, r);
          right.add(x, r);
        },
        (x, r) -> System.arraycopy(x.data(), x.offset(), r.data(), r.offset(), r.cols()),
        (x, r) -> {
          right.add(x, r);
          r.data()[r.offset() + r.cols()] = 0;
        });
  }

  static Stream<String> swiGluNames() {
    return wrongSwiGlu().keySet().stream();
  }

  static Stream<String> geluNames() {
    return wrongGelu().keySet().stream();
  }

  private static Gelu gelu(DoubleUnaryOperator f) {
    return (x, y) -> {
      for (int i = 0; i < y.rows(); i++) {
        for (int j = 0; j < y.cols(); j++) {
          set(y, i, j, f.applyAsDouble(x.at(i, j)));
        }
      }
    };
  }

  private static void set(Matrix y, int i, int j, double value) {
    y.data()[y.offset() + i * y.rowStride() + j] = (float) value;
  }

  private static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  private static double tanhForm(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static double bf16(double x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits((float) x) & 0xffff0000);
  }
}
