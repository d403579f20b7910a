package dev.shardmark.parallel.sweep;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.parallel.LayerSpec;

/**
 * Whether ranks together end with what one rank alone ends with, at sizes where an oracle in double
 * would take minutes.
 *
 * <p>Both compute the same sums in other orders. An element may differ by {@code 2 g(n) max|y|},
 * g(n) = n u / (1 - n u), with n the terms of all sums on its way, {@code h + a d + keys + f}, and
 * max|y| the largest of its token. That is no proof, as terms may cancel and later products spread
 * what earlier ones rounded: proofs are the tests, at small sizes, with a bound for each element.
 */
public final class Agreement {
  private Agreement() {}

  /** The largest difference over what is allowed; infinity for NaN or another shape. */
  public static double worst(LayerSpec spec, Step step, int layers, Matrix want, Matrix got) {
    if (want.rows() != got.rows() || want.cols() != got.cols()) {
      return Double.POSITIVE_INFINITY;
    }
    int terms =
        spec.hidden()
            + spec.heads() * spec.headDim()
            + step.context()
            + step.tokens()
            + spec.width();
    double allowed = 2 * Rounding.gamma(layers * terms);
    double worst = 0;
    for (int i = 0; i < want.rows(); i++) {
      double largest = 0;
      double difference = 0;
      for (int j = 0; j < want.cols(); j++) {
        double d = Math.abs((double) want.at(i, j) - got.at(i, j));
        difference = d <= difference ? difference : d; // NaN stays
        largest = Math.max(largest, Math.abs(want.at(i, j)));
      }
      double ratio = difference / (allowed * largest);
      worst = ratio <= worst ? worst : ratio;
    }
    return worst >= 0 ? worst : Double.POSITIVE_INFINITY;
  }
}
