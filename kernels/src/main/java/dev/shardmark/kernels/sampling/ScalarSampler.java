package dev.shardmark.kernels.sampling;

/** {@link Sampler} in plain Java with {@link Math#exp}. */
public final class ScalarSampler extends RowwiseSampler {
  public ScalarSampler() {
    super(new ScalarScan(), new ScalarPowers());
  }
}
