package dev.shardmark.results.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "de-DE", "ar", "ar-u-nu-arab"})
  void isTheSameInEveryLocale(String locale) {
    Locale.setDefault(Locale.forLanguageTag(locale));

    assertThat(Quantity.time(1234.5)).isEqualTo("1.23 ms");
    assertThat(Quantity.gflops(45.6)).isEqualTo("45.6 GFLOP/s");
    assertThat(Quantity.gbs(12.34)).isEqualTo("12.3 GB/s");
    assertThat(Quantity.bytes(512 << 10)).isEqualTo("512 KiB");
    assertThat(Quantity.intensity(1 / 6.0)).isEqualTo("0.167 flop/B");
    assertThat(Quantity.percent(83.14)).isEqualTo("83.1 %");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ns",
    "0.0004, 0.400 ns",
    "0.02, 20.0 ns",
    "0.9994, 999 ns",
    "0.9996, 1.00 us",
    "1, 1.00 us",
    "9.996, 10.0 us",
    "999.4, 999 us",
    "999.5, 1.00 ms",
    "61e6, 61.0 s",
    "3600e6, 3600 s",
    "-1500, -1.50 ms"
  })
  void choosesAUnitOfTimeAfterRounding(double timeUs, String text) {
    assertThat(Quantity.time(timeUs)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1000, 1000 B",
    "1023, 1023 B",
    "1024, 1 KiB",
    "1536, 1.50 KiB",
    "10240, 10 KiB",
    "1047552, 1023 KiB",
    "1048575, 1 MiB",
    "9223372036854775807, 8388608 TiB"
  })
  void writesSizesInPowersOf1024(long bytes, String text) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.0456, 45.6 MFLOP/s", "999.9, 1.00 TFLOP/s", "60000, 60.0 TFLOP/s"})
  void choosesAUnitOfArithmetic(double gflops, String text) {
    assertThat(Quantity.gflops(gflops)).isEqualTo(text);
  }

  @Test
  void refusesWhatIsNoQuantity() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quantity.time(Double.NaN))
        .withMessage("a quantity must be finite: value=NaN");
  }
}
