package dev.shardmark.kernels.sampling;

/** {@link Speculation} in plain Java. */
public final class ScalarSpeculation extends RowwiseSpeculation {
  public ScalarSpeculation() {
    super(new ScalarExcess());
  }
}
