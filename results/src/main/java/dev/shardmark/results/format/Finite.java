package dev.shardmark.results.format;

/** Numbers a document can hold: NaN and infinity are not JSON, and not figures either. */
final class Finite {
  private Finite() {}

  /** {@code value}, which messages call {@code name}. */
  static double positive(double value, String name) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " must be positive and finite: " + name + "=" + value);
    }
    return value;
  }

  /** {@code value}, which may be null and which messages call {@code name}. */
  static Double orNull(Double value, String name) {
    if (value != null && !Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite: " + name + "=" + value);
    }
    return value;
  }
}
