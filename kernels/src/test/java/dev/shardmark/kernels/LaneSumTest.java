package dev.shardmark.kernels;

import static dev.shardmark.kernels.Species.LANES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every lane counts once, in an order that stays the same while the compiler takes over. */
final class LaneSumTest {
  @Test
  void everyLaneCountsOnce() {
    for (int lane = 0; lane < LANES; lane++) {
      float[] x = new float[LANES];
      x[lane] = 3;
      assertThat(LaneSum.of(x)).as("lane=%s", lane).isEqualTo(3);
    }
  }

  @Test
  void theOrderIsThatOfHalvesThenQuarters() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[LANES];
    for (int trial = 0; trial < 20_000; trial++) {
      for (int i = 0; i < LANES; i++) {
        x[i] = (float) (random.nextDouble(-1, 1) * Math.scalb(1.0, random.nextInt(8)));
      }
      float sum = LaneSum.of(x);
      assertThat(sum).as("trial=%s", trial).isEqualTo(halved(x));
    }
  }

  private static float halved(float[] x) {
    float[] sums = x.clone();
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }
}
