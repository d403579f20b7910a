package dev.shardmark.kernels.softmax;

import dev.shardmark.kernels.Matrix;
import dev.shardmark.kernels.Rounding;
import dev.shardmark.kernels.math.VectorExp;
import java.util.Arrays;

/**
 * The oracle: softmax of one row in double, with the error a float kernel may make at each element.
 *
 * <p>Not a {@link Softmax}, so that no choice of variant can ever time it or compare it with
 * itself.
 */
public final class ReferenceSoftmax {
  /** Largest error of a float that is too small to be normal. */
  private static final double TINY = 0x1p-149;

  private ReferenceSoftmax() {}

  /**
   * What one row should be, and how far off each element may be.
   *
   * @param value softmax, in the columns that take part
   * @param log its logarithm
   * @param logSumExp of the row
   */
  public record Row(
      double[] value,
      double[] bound,
      double[] log,
      double[] logBound,
      double logSumExp,
      double logSumExpBound) {}

  /** Row i, of which the first n columns take part. */
  public static Row row(float scale, Matrix x, int i, int n) {
    double[] z = new double[n];
    double m = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      float rounded = scale * x.at(i, j);
      z[j] = Float.isInfinite(rounded) ? rounded : (double) scale * x.at(i, j);
      m = Math.max(m, rounded);
    }
    boolean undefined = Double.isNaN(m) || m == Double.POSITIVE_INFINITY;
    return undefined || m == Double.NEGATIVE_INFINITY ? limit(n, undefined) : finite(scale, z, m);
  }

  private static Row limit(int n, boolean undefined) {
    double value = undefined ? Double.NaN : 0;
    double log = undefined ? Double.NaN : Double.NEGATIVE_INFINITY;
    double[] zeros = new double[n];
    return new Row(filled(n, value), zeros, filled(n, log), zeros, log, 0);
  }

  private static double[] filled(int n, double value) {
    double[] all = new double[n];
    Arrays.fill(all, value);
    return all;
  }

  private static Row finite(float scale, double[] z, double m) {
    int n = z.length;
    // m is what a kernel subtracts; where its rounding is large, e^(z - m) is no double any more
    double largest = Arrays.stream(z).max().orElseThrow();
    double[] h = new double[n]; // how far the float exponent t_j may be off
    double[] least = new double[n]; // least and most that a float e^(t_j) may be
    double[] most = new double[n];
    double sum = 0;
    double leastSum = 0;
    double mostSum = 0;
    for (int j = 0; j < n; j++) {
      double t = z[j] - m;
      if (t > Double.NEGATIVE_INFINITY) {
        double magnitude = Math.abs(t) + (scale == 1 ? 0 : Math.abs(z[j]));
        h[j] = Rounding.UNIT * (1 + 4 * Rounding.UNIT) * magnitude + TINY;
        double low = Math.exp(t - h[j]) * (1 - VectorExp.RELATIVE_ERROR);
        least[j] = low < Float.MIN_NORMAL ? 0 : low;
        // the float t_j is never above 0, because m is one of the float z
        most[j] = Math.exp(Math.min(0, t + h[j])) * (1 + VectorExp.RELATIVE_ERROR);
      }
      sum += Math.exp(z[j] - largest);
      leastSum += least[j];
      mostSum += most[j];
    }
    double gamma = Rounding.gamma(n + Softmax.JOINING);
    leastSum = Math.max(1, leastSum) * (1 - gamma); // the largest gives e^0
    mostSum *= 1 + gamma;
    double logSum = Math.log(sum) + (largest - m);
    double logSumError = Math.max(Math.log(mostSum) - logSum, logSum - Math.log(leastSum));
    double[] value = new double[n];
    double[] bound = new double[n];
    double[] log = new double[n];
    double[] logBound = new double[n];
    double quotient = Rounding.gamma(2);
    for (int j = 0; j < n; j++) {
      value[j] = Math.exp(z[j] - largest) / sum;
      double low = least[j] / mostSum * (1 - quotient);
      double high = most[j] / leastSum * (1 + quotient);
      bound[j] = Math.max(high - value[j], value[j] - low) + TINY;
      double exact = z[j] - largest - Math.log(sum);
      log[j] = Float.isInfinite((float) exact) ? (float) exact : exact;
      double before = h[j] + logSumError + Rounding.UNIT * (Math.abs(logSum) + logSumError);
      logBound[j] = before + Rounding.UNIT * (Math.abs(exact) + before) + TINY;
    }
    double logSumExp = largest + Math.log(sum);
    double logSumExpBound = logSumError + Rounding.UNIT * (Math.abs(logSumExp) + logSumError);
    return new Row(value, bound, log, logBound, logSumExp, logSumExpBound + TINY);
  }
}
