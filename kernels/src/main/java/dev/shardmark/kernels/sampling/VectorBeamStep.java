package dev.shardmark.kernels.sampling;

/** {@link BeamStep} with the Vector API: continuations are scanned by vectors. */
public final class VectorBeamStep extends RowwiseBeamStep {
  public VectorBeamStep() {
    super(new VectorScan());
  }
}
