package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Variant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every implementation of {@link Speculation}: each call against the reference, and all tokens
 * together against the target model's distribution.
 */
final class SpeculationTest {
  static Stream<Speculation> all() {
    return Stream.of(new ScalarSpeculation(), new VectorSpeculation());
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReferenceAroundLanesAndBlocks(Speculation speculation) {
    int block = InverseCdf.BLOCK;
    for (int n : new int[] {1, 2, LANES - 1, LANES + 1, 4 * LANES, 300, block + 1}) {
      for (int drafted : new int[] {0, 1, 3}) {
        for (long seed = 0; seed < 20; seed++) {
          assertThat(SpeculationHarness.fault(speculation, drafted, n, seed)).isNull();
        }
      }
    }
  }

  /**
   * Draft tokens, numbers that accept and numbers that draw are taken from grids, whose every
   * combination is tried: the first token must come as often as the target model says.
   */
  @ParameterizedTest
  @MethodSource("all")
  void everyTokenComesAsOftenAsTheTargetModelSays(Speculation speculation) {
    assertThat(SpeculationHarness.distance(speculation)).isCloseTo(0, within(0.006));
  }

  @ParameterizedTest
  @MethodSource("all")
  void addsATokenWhenAllAreAccepted(Speculation speculation) {
    Matrix p = rows(new float[][] {{0.5f, 0.5f}, {0.25f, 0.75f}, {0, 1}});
    Matrix q = rows(new float[][] {{0.5f, 0.5f}, {0.25f, 0.75f}});
    int[] token = new int[3];
    double[] accept = {0.999, 0.999};
    assertThat(speculation.verify(p, q, new int[] {0, 1}, accept, 0, token)).isEqualTo(3);
    assertThat(token).containsExactly(0, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void stopsAtTheFirstThatIsRejected(Speculation speculation) {
    Matrix p = rows(new float[][] {{0, 0.5f, 0.5f}, {1, 0, 0}, {1, 0, 0}});
    Matrix q = rows(new float[][] {{0.5f, 0.5f, 0}, {1, 0, 0}});
    int[] token = {-9, -9, -9};
    assertThat(speculation.verify(p, q, new int[2], new double[2], 0, token)).isEqualTo(1);
    assertThat(token).containsExactly(2, -9, -9); // p has no more than q of token 1
  }

  @ParameterizedTest
  @MethodSource("all")
  void drawsFromTheTargetWhereNothingIsAboveTheDraft(Speculation speculation) {
    Matrix p = rows(new float[][] {{0, 0.25f}, {0, 1}});
    Matrix q = rows(new float[][] {{0.5f, 0.5f}});
    int[] token = new int[2];
    assertThat(speculation.verify(p, q, new int[1], new double[1], 0, token)).isEqualTo(1);
    assertThat(token[0]).isEqualTo(1);
    Matrix none = rows(new float[][] {{0, Float.NaN}, {0, 1}});
    assertThat(speculation.verify(none, q, new int[1], new double[1], 0, token)).isEqualTo(1);
    assertThat(token[0]).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(Speculation speculation) {
    Matrix p = Matrix.zeros(2, 3);
    Matrix q = Matrix.zeros(1, 3);
    int[] token = new int[2];
    double[] accept = {0.5};
    assertThatThrownBy(() -> speculation.verify(q, q, new int[1], accept, 0, token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "shapes disagree: target is 1x3, draft is 1x3, drafted has 1, accept has 1, token"
                + " has 2");
    for (int bad : new int[] {-1, 3}) {
      assertThatThrownBy(() -> speculation.verify(p, q, new int[] {bad}, accept, 0, token))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a drafted token must be in 0..2: row=0 token=" + bad);
    }
    assertThatThrownBy(() -> speculation.verify(p, q, new int[1], new double[] {1}, 0, token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a uniform number must be in [0, 1): row=0 uniform=1.0");
    assertThatThrownBy(() -> speculation.verify(p, q, new int[1], accept, -1, token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a uniform number must be in [0, 1): row=1 uniform=-1.0");
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.speculation(Variant.SCALAR)).isInstanceOf(ScalarSpeculation.class);
    assertThat(Kernels.speculation(Variant.VECTOR)).isInstanceOf(VectorSpeculation.class);
    assertThatThrownBy(() -> Kernels.speculation(Variant.OPENBLAS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Speculation.work(10).flop()).isEqualTo(30);
    assertThat(Speculation.work(10).bytes()).isEqualTo(80);
  }

  private static Matrix rows(float[][] rows) {
    Matrix m = Matrix.zeros(rows.length, rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, m.data(), m.offset() + i * m.rowStride(), m.cols());
    }
    return m;
  }
}
