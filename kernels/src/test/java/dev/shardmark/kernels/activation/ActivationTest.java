package dev.shardmark.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Species;
import dev.shardmark.kernels.Variant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ActivationTest {
  private static final int L = Species.LANES;
  private static final int[] COLS = {0, 1, 3, L - 1, L, L + 1, 2 * L + 3, 500};

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void agreesWithTheReferenceAroundEveryEdge(Variant variant) {
    List<String> faults = new ArrayList<>();
    for (int rows : new int[] {0, 1, 3}) {
      for (int cols : COLS) {
        faults.add(ActivationHarness.swiGlu(Kernels.swiGlu(variant), rows, cols, cols));
        faults.add(ActivationHarness.residualAdd(Kernels.residualAdd(variant), rows, cols, cols));
        for (GeluForm form : GeluForm.values()) {
          faults.add(ActivationHarness.gelu(Kernels.gelu(variant, form), form, rows, cols, cols));
        }
      }
    }
    assertThat(faults).containsOnlyNulls();
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void holdsItsBoundOverTheWholeRange(Variant variant) {
    int points = 200_003;
    Matrix x = Matrix.zeros(1, points);
    Matrix ones = Matrix.zeros(1, points);
    for (int j = 0; j < points; j++) {
      x.data()[x.offset() + j] = (j - points / 2) * 1.1e-3f; // -110 to 110
      ones.data()[ones.offset() + j] = 1;
    }
    Matrix y = Matrix.zeros(1, points);
    Kernels.swiGlu(variant).apply(x, ones, y);
    assertThat(ReferenceActivation.swiGlu(x, ones).worst(y)).isBetween(0.3, 1.0);
    for (GeluForm form : GeluForm.values()) {
      Kernels.gelu(variant, form).apply(x, y);
      assertThat(ReferenceActivation.gelu(form, x).worst(y)).as("%s", form).isBetween(0.3, 1.0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void takesExtremeNumbers(Variant variant) {
    float max = Float.MAX_VALUE;
    float inf = Float.POSITIVE_INFINITY;
    float[] from = {max, inf, Float.NaN, 0, -max, -1e4f, -inf, 1e-30f};
    for (int shift = 0; shift < 2; shift++) { // once in vectors, once in the plain loop
      Matrix x = Matrix.zeros(1, shift == 0 ? 64 : 1);
      Matrix one = Matrix.zeros(1, x.cols());
      Matrix y = Matrix.zeros(1, x.cols());
      for (float value : from) {
        for (int j = 0; j < x.cols(); j++) {
          x.data()[x.offset() + j] = value;
          one.data()[one.offset() + j] = 1;
        }
        float want = value == -inf ? Float.NaN : value > 1 ? value : value < 0 ? 0 : value;
        float near = value == 1e-30f ? 5e-31f : want;
        Kernels.swiGlu(variant).apply(x, one, y);
        assertResult(y, near, value);
        for (GeluForm form : GeluForm.values()) {
          Kernels.gelu(variant, form).apply(x, y);
          assertResult(y, near, value);
        }
      }
    }
  }

  private static void assertResult(Matrix y, float want, float x) {
    for (int j = 0; j < y.cols(); j++) {
      float got = y.at(0, j);
      boolean same = got == want || Float.isNaN(got) && Float.isNaN(want);
      assertThat(same || Math.abs(got - want) <= 1e-6f * want).as("%s for %s", got, x).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void refusesShapesThatDisagree(Variant variant) {
    Matrix x = Matrix.zeros(2, 3);
    Matrix other = Matrix.zeros(3, 2);
    String message = "shapes disagree: 2x3 and 3x2";
    assertThatThrownBy(() -> Kernels.swiGlu(variant).apply(x, other, x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Kernels.swiGlu(variant).apply(x, x, other)).hasMessage(message);
    assertThatThrownBy(() -> Kernels.gelu(variant, GeluForm.TANH).apply(x, other))
        .hasMessage(message);
    assertThatThrownBy(() -> Kernels.residualAdd(variant).add(x, other)).hasMessage(message);
  }

  @Test
  void theReferenceKnowsTheNormalDistribution() {
    // tables of the normal distribution, and Phi(-8) to 10 digits
    assertThat(ReferenceNormal.phi(0)).isEqualTo(0.5);
    assertThat(ReferenceNormal.phi(1)).isCloseTo(0.841344746068543, within(1e-15));
    assertThat(ReferenceNormal.phi(-3)).isCloseTo(0.00134989803163009, within(1e-16));
    assertThat(ReferenceNormal.phi(3)).isCloseTo(0.998650101968370, within(1e-15));
    assertThat(ReferenceNormal.phi(-8) * 1e16).isCloseTo(6.220960574, within(1e-9));
  }

  @Test
  void countsTheWork() {
    assertThat(SwiGlu.work(3, 5).bytes()).isEqualTo(12 * 15);
    assertThat(SwiGlu.work(3, 5).flop()).isEqualTo(60);
    assertThat(Gelu.work(GeluForm.TANH, 3, 5).flop()).isEqualTo(105);
    assertThat(Gelu.work(GeluForm.EXACT, 3, 5).flop()).isEqualTo(30);
    assertThat(Gelu.work(GeluForm.EXACT, 3, 5).bytes()).isEqualTo(8 * 15);
    assertThat(ResidualAdd.work(3, 5).flop()).isEqualTo(15);
    assertThat(ResidualAdd.work(3, 5).bytes()).isEqualTo(12 * 15);
  }
}
