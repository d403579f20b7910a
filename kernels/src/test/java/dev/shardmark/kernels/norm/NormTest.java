package dev.shardmark.kernels.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Species;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NormTest {
  private static final int L = Species.LANES;
  private static final int[] ROWS = {0, 1, 3};
  private static final int[] COLS = {
    0, 1, 3, L - 1, L, L + 1, 2 * L + 3, 4 * L - 1, 4 * L, 4 * L + 1, 9 * L + 5, 1000
  };

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void agreesWithTheReferenceAroundEveryEdge(Variant variant) {
    List<String> faults = new ArrayList<>();
    RmsNorm rms = Kernels.rmsNorm(variant);
    LayerNorm layer = Kernels.layerNorm(variant);
    for (int rows : ROWS) {
      for (int n : COLS) {
        for (boolean mixed : new boolean[] {false, true}) {
          faults.add(NormHarness.rms(rms, rows, n, mixed, n));
          faults.add(NormHarness.addRms(rms, rows, n, mixed, n));
          faults.add(NormHarness.layer(layer, rows, n, mixed, 0, n));
          faults.add(NormHarness.layer(layer, rows, n, mixed, 1000, n));
        }
      }
    }
    assertThat(faults).containsOnlyNulls();
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void holdsItsBoundForVeryLargeAndVerySmallNumbers(Variant variant) {
    SplittableRandom random = new SplittableRandom(5);
    for (float scale : new float[] {1e18f, 1e-15f, 1e-22f, 1e-30f, 0}) {
      Matrix x = scaled(3, 2 * L + 3, scale, random);
      Matrix weight = TestMatrices.padded(1, x.cols(), random);
      Matrix y = TestMatrices.nan(3, x.cols());
      Kernels.rmsNorm(variant).normalize(x, weight, 1e-6f, y);
      assertThat(ReferenceNorm.rms(x, weight, 1e-6f).worst(y)).as("%s", scale).isBetween(0.0, 1.0);
      Kernels.layerNorm(variant).normalize(x, weight, weight, 1e-6f, y);
      assertThat(ReferenceNorm.layer(x, weight, weight, 1e-6f).worst(y))
          .as("%s", scale)
          .isBetween(0.0, 1.0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void oneNaNSpoilsItsRowAndNoOther(Variant variant) {
    for (int at : new int[] {0, L, 2 * L + 2}) {
      Matrix x = TestMatrices.padded(3, 2 * L + 3, new SplittableRandom(6));
      x.data()[x.offset() + x.rowStride() + at] = Float.NaN;
      Matrix weight = TestMatrices.padded(1, x.cols(), new SplittableRandom(7));
      Matrix rms = TestMatrices.nan(3, x.cols());
      Matrix layer = TestMatrices.nan(3, x.cols());
      Kernels.rmsNorm(variant).normalize(x, weight, 1e-6f, rms);
      Kernels.layerNorm(variant).normalize(x, weight, weight, 1e-6f, layer);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < x.cols(); j++) {
          assertThat(Float.isNaN(rms.at(i, j))).isEqualTo(i == 1);
          assertThat(Float.isNaN(layer.at(i, j))).isEqualTo(i == 1);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void inPlaceGivesTheSameBits(Variant variant) {
    SplittableRandom random = new SplittableRandom(8);
    Matrix x = TestMatrices.padded(2, 4 * L + 7, random);
    Matrix weight = TestMatrices.padded(1, x.cols(), random);
    Matrix y = TestMatrices.copy(x);
    Kernels.rmsNorm(variant).normalize(x, weight, 1e-6f, y);
    Matrix inPlace = TestMatrices.copy(x);
    Kernels.rmsNorm(variant).normalize(inPlace, weight, 1e-6f, inPlace);
    assertThat(inPlace.data()).isEqualTo(y.data());
    Kernels.layerNorm(variant).normalize(x, weight, weight, 1e-6f, y);
    inPlace = TestMatrices.copy(x);
    Kernels.layerNorm(variant).normalize(inPlace, weight, weight, 1e-6f, inPlace);
    assertThat(inPlace.data()).isEqualTo(y.data());
    Matrix sum = TestMatrices.copy(x);
    Kernels.rmsNorm(variant).addAndNormalize(x, sum, weight, 1e-6f, y);
    sum = TestMatrices.copy(x);
    Kernels.rmsNorm(variant).addAndNormalize(x, sum, weight, 1e-6f, sum);
    assertThat(sum.data()).isEqualTo(y.data());
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void refusesWhatDoesNotFit(Variant variant) {
    Matrix x = Matrix.zeros(2, 5);
    Matrix w = Matrix.zeros(1, 5);
    Matrix other = Matrix.zeros(2, 4);
    RmsNorm rms = Kernels.rmsNorm(variant);
    LayerNorm layer = Kernels.layerNorm(variant);
    assertThatThrownBy(() -> rms.normalize(x, w, 1, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: x is 2x5, y is 2x4");
    assertThatThrownBy(() -> rms.addAndNormalize(x, other, w, 1, x))
        .hasMessage("shapes disagree: x is 2x5, residual is 2x4");
    assertThatThrownBy(() -> layer.normalize(x, w, other, 1, x))
        .hasMessage("shapes disagree: x is 2x5, bias is 2x4");
    for (float eps : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> rms.normalize(x, w, eps, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("eps=" + eps);
      assertThatThrownBy(() -> layer.normalize(x, w, w, eps, x))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void countsTheWork() {
    assertThat(RmsNorm.work(3, 5).flop()).isEqualTo(60);
    assertThat(RmsNorm.work(3, 5).bytes()).isEqualTo(4 * (15 + 5 + 15));
    assertThat(RmsNorm.workWithResidual(3, 5).bytes()).isEqualTo(4 * (60 + 5));
    assertThat(LayerNorm.work(3, 5).flop()).isEqualTo(105);
    assertThat(LayerNorm.work(3, 5).bytes()).isEqualTo(4 * (15 + 10 + 15));
  }

  private static Matrix scaled(int rows, int cols, float scale, SplittableRandom random) {
    Matrix x = TestMatrices.padded(rows, cols, random);
    float[] data = x.data();
    for (int at = 0; at < data.length; at++) {
      data[at] *= scale;
    }
    return x;
  }
}
