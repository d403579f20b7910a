package dev.shardmark.kernels;

/**
 * What a Reference computes: the right result, row-major without padding, and the error a float
 * kernel may make at each element.
 *
 * @param value the result in double
 * @param bound the largest allowed {@code |result - value|}, elementwise
 * @throws IllegalArgumentException if the lengths differ
 */
public record Expected(double[] value, double[] bound) {
  public Expected {
    if (value.length != bound.length) {
      throw new IllegalArgumentException(
          "every value needs a bound: values=" + value.length + " bounds=" + bound.length);
    }
  }

  /** Room for a rows x cols result. */
  public static Expected zeros(int rows, int cols) {
    int length = Math.multiplyExact(rows, cols);
    return new Expected(new double[length], new double[length]);
  }

  /** Sets element {@code at}. */
  public void set(int at, double value, double bound) {
    this.value[at] = value;
    this.bound[at] = bound;
  }

  /**
   * The largest error over its bound; infinity where only one of both is NaN, or a bound of 0 is
   * broken. A NaN is right where the reference has one.
   */
  public double worst(Matrix actual) {
    if ((long) actual.rows() * actual.cols() != value.length) {
      throw new IllegalArgumentException(
          "shapes disagree: "
              + value.length
              + " values for "
              + actual.rows()
              + "x"
              + actual.cols());
    }
    double worst = 0;
    for (int i = 0; i < actual.rows(); i++) {
      for (int j = 0; j < actual.cols(); j++) {
        int at = i * actual.cols() + j;
        worst = Math.max(worst, ratio(actual.at(i, j), value[at], bound[at]));
      }
    }
    return worst;
  }

  /**
   * The error of one number over its bound; infinity where only one of both is NaN, or a bound of 0
   * is broken.
   */
  public static double ratio(double got, double want, double bound) {
    if (got == want || Double.isNaN(got) && Double.isNaN(want)) {
      return 0; // also where both are the same infinity
    }
    double ratio = Math.abs(got - want) / bound;
    return ratio >= 0 ? ratio : Double.POSITIVE_INFINITY; // the comparison is false for NaN
  }
}
