package dev.shardmark.jmh;

import dev.shardmark.kernels.Matrix;
import java.util.SplittableRandom;

/** How unevenly experts are wanted, by the name it has in a parameter. */
public enum Skew {
  /** All alike. */
  UNIFORM(0),
  /** Expert e in proportion to 1 / (e + 1). */
  ZIPF(1);

  private final double exponent;

  Skew(double exponent) {
    this.exponent = exponent;
  }

  /**
   * The skew a parameter names.
   *
   * @throws IllegalArgumentException naming the accepted values, if there is none
   */
  public static Skew of(String parameter) {
    return switch (parameter) {
      case "uniform" -> UNIFORM;
      case "zipf" -> ZIPF;
      default ->
          throw new IllegalArgumentException(
              "skew must be one of [uniform, zipf]: skew=" + parameter);
    };
  }

  /**
   * Logits whose largest k are k draws without replacement: logarithms of the proportions, each
   * with noise of Gumbel's distribution.
   */
  Matrix logits(int tokens, int experts, long seed) {
    Matrix logits = Matrix.zeros(tokens, experts);
    SplittableRandom random = new SplittableRandom(seed);
    for (int t = 0; t < tokens; t++) {
      for (int e = 0; e < experts; e++) {
        double gumbel = -Math.log(-Math.log(random.nextDouble(0x1p-53, 1)));
        double logit = gumbel - exponent * Math.log(e + 1.0);
        logits.data()[logits.offset() + t * experts + e] = (float) logit;
      }
    }
    return logits;
  }
}
