package dev.shardmark.kernels.sampling;

/** {@link Scan} in plain Java. */
final class ScalarScan implements Scan {
  @Override
  public int next(float[] x, int at, int from, int n, float add, float above) {
    int j = from;
    while (j < n && !(x[at + j] + add > above)) {
      j++;
    }
    return j;
  }
}
