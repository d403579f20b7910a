package dev.shardmark.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void threeDigitsAreKept() {
    assertThat(Numbers.of(0)).isEqualTo("0");
    assertThat(Numbers.of(0.00123)).isEqualTo("1.2e-03");
    assertThat(Numbers.of(0.0496)).isEqualTo("0.050");
    assertThat(Numbers.of(9.996)).isEqualTo("10.0");
    assertThat(Numbers.of(99.96)).isEqualTo("100");
    assertThat(Numbers.of(1_234_567)).isEqualTo("1\u202f234\u202f567");
    assertThat(Numbers.of(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.of((Double) null)).isEqualTo("–");
  }

  @Test
  void unitsAreOfAConvenientSize() {
    assertThat(Numbers.time(0.5)).isEqualTo("500\u202fns");
    assertThat(Numbers.time(999.9)).isEqualTo("1.00\u202fms");
    assertThat(Numbers.time(2e6)).isEqualTo("2.00\u202fs");
    assertThat(Numbers.range(1.5, 2)).isEqualTo("1.50 – 2.00\u202fµs");
    assertThat(Numbers.range(999, 2000)).isEqualTo("999\u202fµs – 2.00\u202fms");
    assertThat(Numbers.bytes(16_384)).isEqualTo("16\u202fKiB");
    assertThat(Numbers.bytes(12)).isEqualTo("12\u202fB");
    assertThat(Numbers.percent(0.01)).isEqualTo("0.0100\u202f%");
    assertThat(Numbers.percent(95.4)).isEqualTo("95.4\u202f%");
    assertThat(Numbers.count(1, "token")).isEqualTo("1 token");
    assertThat(Numbers.coordinate(-0.01)).isEqualTo("0");
  }

  @Test
  void bandwidthsOfTicksHaveNoTrailingZeros() {
    assertThat(Stream.of(1e-4, 1e-3, 0.05, 0.2, 1.0, 2.5, 50.0, 1000.0).map(Numbers::bandwidthTick))
        .containsExactly(
            "0.1\u202fMB/s",
            "1\u202fMB/s",
            "50\u202fMB/s",
            "200\u202fMB/s",
            "1\u202fGB/s",
            "2.5\u202fGB/s",
            "50\u202fGB/s",
            "1\u202fTB/s");
  }
}
