package dev.shardmark.kernels.sampling;

/** {@link Speculation} with the Vector API: residual masses are added by vectors. */
public final class VectorSpeculation extends RowwiseSpeculation {
  public VectorSpeculation() {
    super(new VectorExcess());
  }
}
