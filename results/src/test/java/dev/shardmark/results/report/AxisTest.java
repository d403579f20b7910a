package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  @ParameterizedTest
  @CsvSource({"0.5, 230", "1, 1", "3, 4", "1e-9, 1e12", "7, 1000", "0.19, 0.21"})
  void aLogAxisHoldsItsValuesBetweenRoundEnds(double low, double high) {
    Axis axis = Axis.log("", low, high, Numbers::tick);
    assertThat(axis.low()).isLessThanOrEqualTo(low * 1.002);
    assertThat(axis.high()).isGreaterThanOrEqualTo(high * 0.998).isGreaterThan(axis.low());
    assertThat(axis.ticks()).hasSizeBetween(1, 7).allMatch(t -> t >= axis.low());
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "108, 125", "130, 150", "400, 400", "1234, 1500"})
  void aLinearAxisStartsAtZero(double high, double end) {
    Axis axis = Axis.linear("", high, Numbers::tick);
    assertThat(axis.high()).isCloseTo(end, within(1e-9));
    assertThat(axis.ticks()).startsWith(0.0).hasSizeBetween(3, 7);
  }

  @Test
  void equalRatiosTakeEqualLengths() {
    Axis axis = Axis.steps("", List.of(1, 2, 4, 8));
    double step = axis.fraction(2) - axis.fraction(1);
    assertThat(axis.fraction(8) - axis.fraction(4)).isCloseTo(step, within(1e-9));
    assertThat(axis.fraction(1)).isPositive();
    assertThat(Axis.steps("", List.of(2)).fraction(2)).isCloseTo(0.5, within(1e-9));
  }
}
