package dev.shardmark.collectives.tuning;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Least squares of a few unknowns: columns times unknowns come as near to a target as they can. */
final class LeastSquares {
  /**
   * A column that leaves less than this share of its squares beside the columns before it goes with
   * them: told apart, an error of 1 % in the target would be one of 30 % or more.
   */
  private static final double ALONE = 1e-3;

  private LeastSquares() {}

  /** Whether a column says something that {@code others} do not; one of zeros never does. */
  static boolean isIndependent(double[] column, double[][] others) {
    double[] left = column.clone();
    for (double[] q : orthonormal(others)) {
      subtract(left, q, dot(left, q));
    }
    double squares = dot(column, column);
    return squares > 0 && dot(left, left) > ALONE * squares;
  }

  /** The cosine of the angle between two columns. */
  static double cosine(double[] a, double[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  /**
   * Unknowns that are not negative: the best of all ways to hold some of them at 0. Exact, and few
   * ways for few columns.
   *
   * @param columns independent of each other
   */
  static double[] nonNegative(double[][] columns, double[] target) {
    double[] best = new double[columns.length];
    double least = dot(target, target);
    for (int free = 1; free < 1 << columns.length; free++) {
      double[] unknowns = solve(columns, free, target);
      double squares = squares(columns, unknowns, target);
      if (squares < least && Arrays.stream(unknowns).allMatch(x -> x >= 0)) {
        least = squares;
        best = unknowns;
      }
    }
    return best;
  }

  /** By Gram-Schmidt, over the columns whose bit is set in {@code free}; the others' are 0. */
  private static double[] solve(double[][] columns, int free, double[] target) {
    int[] used = IntStream.range(0, columns.length).filter(i -> (free >> i & 1) == 1).toArray();
    double[][] chosen = Arrays.stream(used).mapToObj(i -> columns[i]).toArray(double[][]::new);
    double[][] q = orthonormal(chosen);
    double[] unknowns = new double[columns.length];
    double[] left = target.clone();
    for (int i = used.length - 1; i >= 0; i--) { // R x = Q' target, from below
      double x = dot(left, q[i]) / dot(chosen[i], q[i]);
      subtract(left, chosen[i], x);
      unknowns[used[i]] = x;
    }
    return unknowns;
  }

  private static double[][] orthonormal(double[][] columns) {
    double[][] q = new double[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      q[i] = columns[i].clone();
      for (int before = 0; before < i; before++) {
        subtract(q[i], q[before], dot(q[i], q[before]));
      }
      double norm = Math.sqrt(dot(q[i], q[i]));
      for (int row = 0; row < q[i].length; row++) {
        q[i][row] /= norm;
      }
    }
    return q;
  }

  private static double squares(double[][] columns, double[] unknowns, double[] target) {
    double[] left = target.clone();
    for (int i = 0; i < columns.length; i++) {
      subtract(left, columns[i], unknowns[i]);
    }
    return dot(left, left);
  }

  private static void subtract(double[] from, double[] column, double times) {
    for (int row = 0; row < from.length; row++) {
      from[row] -= times * column[row];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int row = 0; row < a.length; row++) {
      sum += a[row] * b[row];
    }
    return sum;
  }
}
