package dev.shardmark.kernels.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RopeTest {
  private static final int L = Species.LANES;
  private static final int[] PAIRS = {0, 1, 3, L - 1, L, L + 1, 2 * L + 3, 64};

  @ParameterizedTest
  @CsvSource({
    "SCALAR, INTERLEAVED",
    "SCALAR, HALF_SPLIT",
    "VECTOR, INTERLEAVED",
    "VECTOR, HALF_SPLIT"
  })
  void agreesWithTheReferenceAroundEveryEdge(Variant variant, RopeLayout layout) {
    Rope rope = Kernels.rope(variant, layout);
    List<String> faults = new ArrayList<>();
    for (int tokens : new int[] {0, 1, 3}) {
      for (int heads : new int[] {0, 1, 3}) {
        for (int pairs : PAIRS) {
          // the whole head, and a part of it that leaves an odd rest
          for (int headDim : new int[] {Math.max(1, 2 * pairs), 2 * pairs + 3}) {
            faults.add(
                RopeHarness.fault(rope, layout, tokens, heads, headDim, 2 * pairs, pairs + 1));
          }
        }
      }
    }
    assertThat(faults).containsOnlyNulls();
  }

  @ParameterizedTest
  @EnumSource(RopeLayout.class)
  void atPositionZeroNothingChanges(RopeLayout layout) {
    for (Variant variant : Variant.OWN) {
      Matrix before = TestMatrices.padded(2, 3 * (2 * L + 6), new SplittableRandom(1));
      Matrix x = TestMatrices.copy(before);
      Kernels.rope(variant, layout)
          .rotate(x, 2 * L + 6, new int[2], RopeTable.of(1, 2 * L + 6, 10_000));
      assertThat(x.data()).isEqualTo(before.data());
    }
  }

  @ParameterizedTest
  @EnumSource(RopeLayout.class)
  void theProductOfTwoDependsOnTheirDistanceAlone(RopeLayout layout) {
    for (Variant variant : Variant.OWN) {
      Rope rope = Kernels.rope(variant, layout);
      assertThat(product(rope, 7, 4)).isCloseTo(product(rope, 43, 40), within(1e-4));
      assertThat(product(rope, 7, 4)).isNotCloseTo(product(rope, 7, 7), within(1e-2));
    }
  }

  private static double product(Rope rope, int p, int q) {
    Matrix x = TestMatrices.padded(2, 32, new SplittableRandom(2));
    rope.rotate(x, 32, new int[] {p, q}, RopeTable.of(50, 32, 10_000));
    double sum = 0;
    for (int j = 0; j < 32; j++) {
      sum += (double) x.at(0, j) * x.at(1, j);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(RopeLayout.class)
  void aPairTurnsAgainstTheClock(RopeLayout layout) {
    for (Variant variant : Variant.OWN) {
      Matrix x = Matrix.zeros(1, 2);
      x.data()[x.offset()] = 1;
      Kernels.rope(variant, layout).rotate(x, 2, new int[] {1}, RopeTable.of(2, 2, 10_000));
      assertThat(x.at(0, 0)).isEqualTo((float) Math.cos(1));
      assertThat(x.at(0, 1)).isEqualTo((float) Math.sin(1));
    }
  }

  @Test
  void theTableHoldsThePapersAngles() {
    RopeTable table = RopeTable.of(4096, 128, 500_000);
    for (int p : new int[] {0, 1, 1000, 4095}) {
      for (int i : new int[] {0, 1, 31, 63}) {
        double angle = p * Math.exp(-i / 64.0 * Math.log(500_000));
        assertThat((double) table.cos().at(p, i)).isCloseTo(Math.cos(angle), within(0x1.01p-25));
        assertThat((double) table.sin().at(p, i)).isCloseTo(Math.sin(angle), within(0x1.01p-25));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(RopeLayout.class)
  void refusesWhatDoesNotFitAndChangesNothing(RopeLayout layout) {
    for (Variant variant : Variant.OWN) {
      Rope rope = Kernels.rope(variant, layout);
      Matrix before = TestMatrices.padded(2, 12, new SplittableRandom(3));
      Matrix x = TestMatrices.copy(before);
      RopeTable table = RopeTable.of(5, 6, 10_000);
      assertThatThrownBy(() -> rope.rotate(x, 6, new int[] {1, 5}, table))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> rope.rotate(x, 6, new int[] {1, -1}, table))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> rope.rotate(x, 6, new int[1], table))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("every token needs a position: tokens=2 positions=1");
      for (int headDim : new int[] {0, 4, 5, -6}) {
        assertThatThrownBy(() -> rope.rotate(x, headDim, new int[2], table))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("headDim=" + headDim);
      }
      assertThat(x.data()).isEqualTo(before.data());
    }
    assertThatThrownBy(() -> RopeTable.of(1, 3, 10_000)).hasMessageContaining("rotated=3");
    assertThatThrownBy(() -> RopeTable.of(1, 2, 0)).hasMessageContaining("base=0");
    assertThatThrownBy(() -> new RopeTable(Matrix.zeros(1, 2), Matrix.zeros(2, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsTheWork() {
    assertThat(Rope.work(3, 5, 7).flop()).isEqualTo(6 * 105);
    assertThat(Rope.work(3, 5, 7).bytes()).isEqualTo(4 * (2 * 2 * 105 + 2 * 21));
  }
}
