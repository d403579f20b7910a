package dev.shardmark.results.unit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/**
 * Quantities as people read them: three significant digits, a unit that keeps the number short, and
 * the same text in every locale.
 */
public final class Quantity {
  private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);
  private static final BigDecimal FIVE_DIGITS = BigDecimal.valueOf(10_000);
  private static final List<String> TIMES = List.of("ns", "us", "ms", "s");
  private static final List<String> FLOPS = List.of("MFLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s");
  private static final List<String> BANDWIDTHS = List.of("MB/s", "GB/s", "TB/s");
  private static final List<String> SIZES = List.of("B", "KiB", "MiB", "GiB", "TiB");

  private static final List<String> MULTIPLES = List.of("", "k", "M", "G", "T");

  private Quantity() {}

  /** For example {@code 1.23 ms}. */
  public static String time(double timeUs) {
    return scaled(decimal(timeUs).scaleByPowerOfTen(3), 1000, TIMES);
  }

  /** For example {@code 45.6 GFLOP/s}. */
  public static String gflops(double gflops) {
    return scaled(decimal(gflops).scaleByPowerOfTen(3), 1000, FLOPS);
  }

  /** For example {@code 12.3 GB/s}, 1 GB being 1e9 bytes. */
  public static String gbs(double gbs) {
    return scaled(decimal(gbs).scaleByPowerOfTen(3), 1000, BANDWIDTHS);
  }

  /** For example {@code 512 KiB}. */
  public static String bytes(long bytes) {
    return scaled(BigDecimal.valueOf(bytes), 1024, SIZES).replaceFirst("\\.0+ ", " ");
  }

  /** For example {@code 0.167 flop/B}. */
  public static String intensity(double flopPerByte) {
    return rounded(decimal(flopPerByte)).toPlainString() + " flop/B";
  }

  /** For example {@code 83.1 %}. */
  public static String percent(double percent) {
    return rounded(decimal(percent)).toPlainString() + " %";
  }

  /** For example {@code 12.3 Mtoken/s}. */
  public static String perSecond(double rate, String noun) {
    return scaled(decimal(rate), 1000, MULTIPLES) + noun + "/s";
  }

  /** For example {@code 0.167} or {@code 122,532}: whatever has no unit that scales. */
  public static String number(double value) {
    BigDecimal rounded = rounded(decimal(value));
    return rounded.abs().compareTo(FIVE_DIGITS) < 0
        ? rounded.stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%,d", rounded.toBigInteger());
  }

  private static BigDecimal decimal(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a quantity must be finite: value=" + value);
    }
    return BigDecimal.valueOf(value);
  }

  private static String scaled(BigDecimal value, int factor, List<String> units) {
    BigDecimal step = BigDecimal.valueOf(factor);
    BigDecimal inUnit = value;
    int unit = 0;
    while (unit < units.size() - 1 && rounded(inUnit).abs().compareTo(step) >= 0) {
      inUnit = inUnit.divide(step, MathContext.DECIMAL64);
      unit++;
    }
    return rounded(inUnit).toPlainString() + " " + units.get(unit);
  }

  /** Three significant digits, but never tens or hundreds instead of ones. */
  private static BigDecimal rounded(BigDecimal value) {
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal three = value.round(THREE_DIGITS);
    int magnitude = three.precision() - three.scale() - 1; // power of ten of the first digit
    return value.setScale(Math.max(0, 2 - magnitude), RoundingMode.HALF_UP);
  }
}
