package dev.shardmark.results.report;

import dev.shardmark.results.unit.Quantity;
import java.util.Locale;

/** Numbers as text of the page: three significant digits, and never torn from their unit. */
final class Numbers {
  /** Narrow and unbreakable: between digits and before a unit. */
  private static final String SPACE = "\u202f";

  private static final String NONE = "–";

  private Numbers() {}

  /** Three significant digits, whole numbers in full. */
  static String of(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return NONE;
    } else if (size >= 1e15) {
      return String.format(Locale.ROOT, "%.2e", value);
    } else if (size >= 9999.5) {
      return String.format(Locale.ROOT, "%,d", Math.round(value)).replace(",", SPACE);
    } else if (size >= 99.95) {
      return fixed(value, 0);
    } else if (size >= 9.995) {
      return fixed(value, 1);
    } else if (size >= 0.9995 || size == 0) {
      return size == 0 ? "0" : fixed(value, 2);
    } else if (size >= 0.0095) {
      return fixed(value, 3);
    }
    return String.format(Locale.ROOT, "%.1e", value);
  }

  static String of(Double value) {
    return value == null ? NONE : of(value.doubleValue());
  }

  static String percent(Double value) {
    return value == null || !Double.isFinite(value) ? NONE : tight(Quantity.percent(value));
  }

  /** A time given in microseconds. */
  static String time(double us) {
    return Double.isFinite(us) ? tight(Quantity.time(us)).replace("us", "µs") : NONE;
  }

  /** Two times in microseconds, their unit once where it is the same. */
  static String range(double fromUs, double toUs) {
    String from = time(fromUs);
    String to = time(toUs);
    String unit = to.substring(to.lastIndexOf(SPACE) + 1);
    return (from.endsWith(SPACE + unit) ? from.replace(SPACE + unit, "") : from) + " – " + to;
  }

  /** A round bandwidth given in GB/s, without trailing zeros. */
  static String bandwidthTick(double gbs) {
    return tight(Quantity.gbs(gbs).replaceFirst("(\\.\\d*?)0+ ", "$1 ").replace(". ", " "));
  }

  static String bytes(long bytes) {
    return tight(Quantity.bytes(bytes));
  }

  /** A rate in any unit, for example {@code 12.3 kcall/s}. */
  static String perSecond(double rate, String noun) {
    return tight(Quantity.perSecond(rate, noun));
  }

  /** How many times as fast or as much. */
  static String times(double ratio) {
    return Double.isFinite(ratio) ? of(ratio) + "×" : NONE;
  }

  /** A round number, without trailing zeros. */
  static String tick(double value) {
    String text = of(value);
    return text.contains(".") && !text.contains("e")
        ? text.replaceAll("0+$", "").replaceAll("\\.$", "")
        : text;
  }

  /** A number with its unit, kept together. */
  static String of(double value, String unit) {
    return of(value) + SPACE + unit;
  }

  /** {@code 1 token}, {@code 2 tokens}. */
  static String count(long n, String noun) {
    return tick(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** A position in a picture. */
  static String coordinate(double value) {
    return fixed(value, 1).replaceAll("\\.0$", "").replaceAll("^-0$", "0");
  }

  private static String tight(String quantity) {
    return quantity.replace(" ", SPACE);
  }

  private static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
