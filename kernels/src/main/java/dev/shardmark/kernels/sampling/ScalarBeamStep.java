package dev.shardmark.kernels.sampling;

/** {@link BeamStep} in plain Java. */
public final class ScalarBeamStep extends RowwiseBeamStep {
  public ScalarBeamStep() {
    super(new ScalarScan());
  }
}
