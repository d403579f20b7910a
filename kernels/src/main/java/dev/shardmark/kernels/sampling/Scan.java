package dev.shardmark.kernels.sampling;

/** Finds what is large in a row: almost all of a row is skipped. */
interface Scan {
  /**
   * The first column from {@code from} on where {@code x + add} is above a limit, or n.
   *
   * @param at where column 0 is
   */
  int next(float[] x, int at, int from, int n, float add, float above);

  /** The column of the largest x, the first of equal ones; -1 if none is above -infinity. */
  default int largest(float[] x, int at, int n) {
    int best = -1;
    float largest = Float.NEGATIVE_INFINITY;
    for (int j = next(x, at, 0, n, 0, largest); j < n; j = next(x, at, j + 1, n, 0, largest)) {
      best = j;
      largest = x[at + j];
    }
    return best;
  }
}
