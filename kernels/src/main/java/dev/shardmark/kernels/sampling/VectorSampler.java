package dev.shardmark.kernels.sampling;

/** {@link Sampler} with the Vector API: logits are scanned, and their masses added, by vectors. */
public final class VectorSampler extends RowwiseSampler {
  public VectorSampler() {
    super(new VectorScan(), new VectorPowers());
  }
}
