package dev.shardmark.kernels.sampling;

/** {@link Powers} in plain Java with {@link Math#exp}. */
final class ScalarPowers extends Powers {
  @Override
  double sum(int from, int to) {
    float sum = 0;
    for (int j = from; j < to; j++) {
      sum += mass(j);
    }
    return sum;
  }

  @Override
  float power(float logit) {
    return (float) Math.exp((logit - largest) * scale);
  }
}
