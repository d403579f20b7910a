package dev.shardmark.kernels;

/** Rounding-error constants of single precision; Higham 2002, section 3.1. */
public final class Rounding {
  /** Unit roundoff of float, 2^-24. */
  public static final double UNIT = 0x1p-24;

  private Rounding() {}

  /**
   * g(r) = r u / (1 - r u): the relative error r roundings can add up to.
   *
   * @throws IllegalArgumentException if r u reaches 1, where the bound means nothing
   */
  public static double gamma(long roundings) {
    double ru = roundings * UNIT;
    if (roundings < 0 || ru >= 1) {
      throw new IllegalArgumentException(
          "the bound holds for 0 to 2^24 - 1 roundings: roundings=" + roundings);
    }
    return ru / (1 - ru);
  }
}
