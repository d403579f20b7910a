package dev.shardmark.parallel.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.moe.LoadStats;
import dev.shardmark.kernels.moe.Routing;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkewedRoutingTest {
  private static final int TOKENS = 4000;
  private static final int EXPERTS = 16;

  @Test
  void withOneChoiceLoadsFollowThePowerLaw() {
    for (double exponent : new double[] {0, 0.5, 1, 2}) {
      double total = 0;
      for (int e = 1; e <= EXPERTS; e++) {
        total += Math.pow(e, -exponent);
      }
      int[] load = LoadStats.of(draw(1, exponent, 0, TOKENS), EXPERTS, 1).ofExpert();
      for (int e = 0; e < EXPERTS; e++) {
        double p = Math.pow(e + 1.0, -exponent) / total;
        double sigma = Math.sqrt(TOKENS * p * (1 - p));
        assertThat((double) load[e]).isCloseTo(TOKENS * p, within(5 * sigma));
      }
    }
  }

  @Test
  void aLargerExponentIsLessEven() {
    double last = 1;
    for (double exponent : new double[] {0, 0.5, 1, 2}) {
      double imbalance = LoadStats.of(draw(4, exponent, 0, TOKENS), EXPERTS, 4).expertImbalance();
      assertThat(imbalance).isGreaterThan(last);
      last = imbalance;
    }
  }

  @Test
  void choicesOfATokenDifferAndWeightsAddUpToOne() {
    for (int topK : new int[] {1, 2, 4, 8, 16}) {
      Routing routing = draw(topK, 3, 0, 100);
      for (int t = 0; t < 100; t++) {
        int[] chosen = Arrays.copyOfRange(routing.expert(), t * topK, (t + 1) * topK);
        assertThat(chosen).doesNotHaveDuplicates();
        double sum = 0;
        for (int i = 0; i < topK; i++) {
          sum += routing.weight()[t * topK + i];
        }
        assertThat(sum).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Test
  void ranksDrawWhatOneWouldDrawForAll() {
    Routing all = draw(2, 1, 0, 30);
    Routing joined = MoeCase.join(List.of(draw(2, 1, 0, 11), draw(2, 1, 11, 19)));
    assertThat(joined.expert()).containsExactly(all.expert());
  }

  @Test
  void illegalOnesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SkewedRouting(8, 9, 1, 1, 0))
        .withMessage("topK must be in 1..experts: topK=9 experts=8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SkewedRouting(8, 2, -1, 1, 0))
        .withMessage("the exponent of a power law must not be negative: exponent=-1.0");
  }

  private static Routing draw(int topK, double exponent, int first, int tokens) {
    return new SkewedRouting(EXPERTS, topK, exponent, 42, first).assign(Matrix.zeros(tokens, 1));
  }
}
