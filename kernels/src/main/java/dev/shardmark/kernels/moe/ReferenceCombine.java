package dev.shardmark.kernels.moe;

import dev.shardmark.kernels.Expected;
import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;

/** The oracle of {@link Combine}: its formula in double; it numbers the rows by itself. */
public final class ReferenceCombine {
  /** Largest error of a float that is too small to be normal. */
  private static final double TINY = 0x1p-149;

  private ReferenceCombine() {}

  /** What y should be. */
  public static Expected combine(Matrix rows, Routing routing, int experts) {
    int model = rows.cols();
    int topK = routing.topK();
    Expected y = Expected.zeros(routing.tokens(), model);
    double[] magnitude = new double[y.value().length];
    int row = 0;
    for (int e = 0; e < experts; e++) {
      for (int at = 0; at < routing.choices(); at++) {
        if (routing.expert()[at] == e) {
          for (int j = 0; j < model; j++) {
            double term = (double) routing.weight()[at] * rows.at(row, j);
            y.value()[at / topK * model + j] += term;
            magnitude[at / topK * model + j] += Math.abs(term);
          }
          row++;
        }
      }
    }
    for (int i = 0; i < magnitude.length; i++) {
      y.bound()[i] = Rounding.gamma(topK) * magnitude[i] + topK * TINY;
    }
    return y;
  }
}
