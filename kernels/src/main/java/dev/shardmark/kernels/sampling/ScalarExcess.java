package dev.shardmark.kernels.sampling;

/** {@link Excess} in plain Java. */
final class ScalarExcess extends Excess {
  @Override
  double sum(int from, int to) {
    float sum = 0;
    for (int j = from; j < to; j++) {
      sum += mass(j);
    }
    return sum;
  }
}
