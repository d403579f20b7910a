package dev.shardmark.kernels.sampling;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Kernels;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.TestMatrices;
import dev.shardmark.kernels.Variant;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every implementation of {@link Sampler} against the reference, and its shares against theirs. */
final class SamplerTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  static Stream<Sampler> all() {
    return Stream.of(new ScalarSampler(), new VectorSampler());
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheReferenceAroundLanesAndBlocks(Sampler sampler) {
    SplittableRandom random = new SplittableRandom(42);
    int block = InverseCdf.BLOCK;
    int[] sizes = {0, 1, 2, LANES - 1, LANES + 1, 4 * LANES, 7 * LANES + 1, 300, block, block + 1};
    for (int n : sizes) {
      Matrix logits = TestMatrices.padded(3, n, random);
      for (int at = 0; at < logits.data().length; at++) {
        logits.data()[at] *= 5; // NaN padding stays NaN
      }
      assertThat(SamplerHarness.fault(sampler, logits)).isNull();
    }
    assertThat(SamplerHarness.fault(sampler, TestMatrices.padded(0, 5, random))).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnLogitsOfAllMagnitudes(Sampler sampler) {
    Matrix logits = TestMatrices.mixed(2, 1003, new SplittableRandom(7));
    assertThat(SamplerHarness.fault(sampler, logits)).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnFlatAscendingDescendingAndTiedLogits(Sampler sampler) {
    int n = InverseCdf.BLOCK + 3;
    assertThat(fault(sampler, n + InverseCdf.BLOCK, j -> 3)).isNull();
    assertThat(fault(sampler, n, j -> j * 1e-3)).isNull();
    assertThat(fault(sampler, n, j -> -j * 1e-3)).isNull();
    assertThat(fault(sampler, n, j -> j % 3)).isNull();
    assertThat(fault(sampler, n, j -> j == n - 1 ? 9 : 0)).isNull();
    assertThat(fault(sampler, n, j -> j == InverseCdf.BLOCK ? 200 : -j)).isNull();
    assertThat(fault(sampler, n, j -> j % 2 == 0 ? -0.0 : 0)).isNull();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesOnTheLargestAndSmallestFloats(Sampler sampler) {
    int n = 2 * LANES + 3;
    float[] values = {0, Float.MAX_VALUE, -Float.MAX_VALUE, 1e30f, 89, Float.NaN, -INFINITY};
    for (float most : values) {
      for (float special : new float[] {0, INFINITY, Float.MIN_VALUE, Float.NaN, -INFINITY}) {
        for (int at : new int[] {0, LANES, n - 1}) {
          assertThat(fault(sampler, n, j -> j == at ? special : most)).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aGridOfNumbersGivesEveryTokenItsShare(Sampler sampler) {
    int n = 150;
    int numbers = 2_000;
    Matrix logits = TestMatrices.padded(1, n, new SplittableRandom(3));
    for (Sampling sampling : SamplerHarness.SETTINGS) {
      int[] counts = new int[n];
      int[] token = new int[1];
      for (int i = 0; i < numbers; i++) {
        sampler.sample(logits, sampling, new double[] {(i + 0.5) / numbers}, token);
        counts[token[0]]++;
      }
      ReferenceSampler row = new ReferenceSampler(logits, 0, sampling);
      double slack = 1 + 2 * numbers * row.relativeBound();
      int[] kept = row.kept();
      int drawn = 0;
      for (int place = 0; place < kept.length; place++) {
        double share = numbers * row.probability(place);
        assertThat((double) counts[kept[place]]).isCloseTo(share, within(slack));
        drawn += counts[kept[place]];
      }
      assertThat(drawn).isEqualTo(numbers);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsWhatOneCountsByHand(Sampler sampler) {
    Matrix logits = Matrix.zeros(1, 4); // probabilities 0.4, 0.1, 0.3, 0.2
    double[] probability = {0.4, 0.1, 0.3, 0.2};
    for (int j = 0; j < 4; j++) {
      logits.data()[logits.offset() + j] = (float) Math.log(probability[j]);
    }
    Sampling plain = Sampling.PLAIN;
    assertThat(drawn(sampler, logits, plain)).isEqualTo("0123");
    assertThat(drawn(sampler, logits, plain.withTopK(2))).isEqualTo("02");
    assertThat(drawn(sampler, logits, plain.withTopP(0.5f))).isEqualTo("02");
    assertThat(drawn(sampler, logits, plain.withTopP(0.75f))).isEqualTo("023");
    assertThat(drawn(sampler, logits, plain.withTopP(0.39f))).isEqualTo("0");
    assertThat(drawn(sampler, logits, plain.withMinP(0.45f))).isEqualTo("023");
    assertThat(drawn(sampler, logits, plain.withMinP(0.55f))).isEqualTo("02");
    // Of the first three tokens 0.4 / 0.9 is less than 0.5, of the first two 0.4 / 0.7 is more.
    assertThat(drawn(sampler, logits, plain.withTopK(3).withTopP(0.5f))).isEqualTo("02");
    assertThat(drawn(sampler, logits, plain.withTopK(2).withTopP(0.5f))).isEqualTo("0");
    // Squared at half the temperature: 16, 1, 9, 4 of 30.
    assertThat(drawn(sampler, logits, plain.withTemperature(0.5f).withTopP(0.5f))).isEqualTo("0");
  }

  /** The ids drawn with a grid of numbers, ascending. */
  private static String drawn(Sampler sampler, Matrix logits, Sampling sampling) {
    StringBuilder ids = new StringBuilder();
    int[] token = {-1};
    for (int i = 0; i < 200; i++) {
      int last = token[0];
      sampler.sample(logits, sampling, new double[] {i / 200.0}, token);
      if (token[0] != last) {
        ids.append(token[0]);
      }
    }
    return ids.toString();
  }

  @ParameterizedTest
  @MethodSource("all")
  void whereNoLogitIsAboveMinusInfinityThereIsNoToken(Sampler sampler) {
    for (float nothing : new float[] {Float.NaN, -INFINITY}) {
      Matrix logits = TestMatrices.nan(1, LANES + 1);
      for (int j = 0; j <= LANES; j++) {
        logits.data()[logits.offset() + j] = nothing;
      }
      for (Sampling sampling : SamplerHarness.SETTINGS) {
        int[] token = {7};
        sampler.sample(logits, sampling, new double[1], token);
        assertThat(token[0]).isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void refusesOperandsThatDisagree(Sampler sampler) {
    Matrix logits = Matrix.zeros(2, 3);
    assertThatThrownBy(() -> sampler.sample(logits, Sampling.PLAIN, new double[1], new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: logits are 2x3, token has 2, uniform has 1");
    assertThatThrownBy(() -> sampler.sample(logits, Sampling.PLAIN, null, new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: logits are 2x3, token has 2, uniform has none");
    assertThatThrownBy(() -> sampler.sample(logits, Sampling.GREEDY, null, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shapes disagree: logits are 2x3, token has 3, uniform has none");
    for (double bad : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(
              () -> sampler.sample(logits, Sampling.PLAIN, new double[] {0, bad}, new int[2]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a uniform number must be in [0, 1): row=1 uniform=" + bad);
    }
  }

  @Test
  void refusesSettingsOutOfRange() {
    for (float bad : new float[] {-1, Float.MIN_VALUE, INFINITY, Float.NaN}) {
      assertThatThrownBy(() -> Sampling.PLAIN.withTemperature(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("temperature must be 0 or in 2^-126..2^126: temperature=" + bad);
    }
    assertThatThrownBy(() -> Sampling.PLAIN.withTopK(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("topK must be at least 1: topK=0");
    for (float bad : new float[] {0, 1.1f, Float.NaN}) {
      assertThatThrownBy(() -> Sampling.PLAIN.withTopP(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("topP must be above 0 and at most 1: topP=" + bad);
    }
    for (float bad : new float[] {-0.1f, 1.1f, Float.NaN}) {
      assertThatThrownBy(() -> Sampling.PLAIN.withMinP(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("minP must be in 0..1: minP=" + bad);
    }
  }

  @Test
  void selectsByVariantAndCountsTheWork() {
    assertThat(Kernels.sampler(Variant.SCALAR)).isInstanceOf(ScalarSampler.class);
    assertThat(Kernels.sampler(Variant.VECTOR)).isInstanceOf(VectorSampler.class);
    assertThatThrownBy(() -> Kernels.sampler(Variant.OPENBLAS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Sampler.work(Sampling.GREEDY, 2, 10).flop()).isZero();
    assertThat(Sampler.work(Sampling.GREEDY, 2, 10).bytes()).isEqualTo(88);
    assertThat(Sampler.work(Sampling.PLAIN, 2, 10).flop()).isEqualTo(80);
    assertThat(Sampler.work(Sampling.PLAIN.withTopK(3), 2, 10).flop()).isEqualTo(24);
    assertThat(Sampler.work(Sampling.PLAIN, 2, 10).bytes()).isEqualTo(104);
  }

  private static String fault(Sampler sampler, int n, IntToDoubleFunction logit) {
    Matrix logits = TestMatrices.nan(1, n);
    for (int j = 0; j < n; j++) {
      logits.data()[logits.offset() + j] = (float) logit.applyAsDouble(j);
    }
    return SamplerHarness.fault(sampler, logits);
  }
}
