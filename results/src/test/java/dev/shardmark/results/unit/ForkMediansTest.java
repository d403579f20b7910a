package dev.shardmark.results.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.shardmark.results.format.Metric;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForkMediansTest {
  @Test
  void takesTheMedianOfEachForkThenOverForks() {
    ForkMedians forks =
        ForkMedians.of(
            metric(
                List.of(
                    List.of(9.0, 1.0, 2.0), List.of(8.0, 4.0), List.of(3.0), List.of(70.0, 5.0))));

    assertThat(forks.values()).containsExactly(2.0, 6.0, 3.0, 37.5);
    assertThat(forks.median()).isEqualTo(4.5);
    assertThat(forks.lowest()).isEqualTo(2);
    assertThat(forks.highest()).isEqualTo(37.5);
  }

  @Test
  void countsForksMoreThanTwiceAsSlowAsTheBest() {
    assertThat(new ForkMedians(List.of(10.0, 20.0, 20.1, 1000.0)).collapsed()).isEqualTo(2);
    assertThat(new ForkMedians(List.of(10.0)).collapsed()).isZero();
  }

  @Test
  void refusesForksWithoutSamples() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ForkMedians.of(metric(List.of())))
        .withMessage("medians need a fork: forks=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ForkMedians.of(metric(List.of(List.of(1.0), List.of()))))
        .withMessage("a median needs a sample: samples=0");
  }

  private static Metric metric(List<List<Double>> forks) {
    return new Metric("us/op", forks);
  }
}
